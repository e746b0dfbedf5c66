/** A port that takes no new connections any more: what had begun to come by it is still answered. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { HostNames } from '../../hub/http/host-names.ts';
import { HttpListener } from '../../hub/http/http-listener.ts';
import { PublicSide } from '../../hub/http/public-side.ts';

test('a request that was on its way when the port closed is answered, and told its port', async () => {
  const troubles: Error[] = [];
  await using listener = new HttpListener({
    hostNames: new HostNames([], new PublicSide()),
    secure: null,
    headersTimeoutMs: 5_000,
    requestTimeoutMs: 5_000,
    maxConnections: 10,
    report: (trouble) => troubles.push(trouble),
    take: (_request, response, { port }) => response.end(`by port ${port}`),
  });
  const port = await listener.listen('127.0.0.1', 0);
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  await once(socket, 'connect');
  const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n';
  socket.write(`${get}\r\n${get}`);
  // The first is answered, so the second has been seen too, and waits for its end.
  await once(socket, 'data');
  listener.stopListening();
  socket.write('\r\n');
  const [answer] = (await once(socket, 'data')) as [string];
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer.endsWith(`by port ${port}`)).toBe(true);
  socket.destroy();
  expect(troubles).toEqual([]);
});
