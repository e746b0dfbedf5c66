/** Peer: the same as bare-node.ts on a TLS port, with everything Node does by default. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSelfSigned } from '../../../hub/tls/self-signed.ts';
import { eventText, publishedLoad, publishEvenly } from './publisher.ts';

const { eventsPerSecond, payloadBytes } = publishedLoad();
const readers = new Set<ServerResponse>();

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const cert = makeSelfSigned(privateKey, ['localhost', '127.0.0.1']);
const certificateFile = join(mkdtempSync(join(tmpdir(), 'watchline-bench-https-')), 'cert.pem');
writeFileSync(certificateFile, cert);

const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
const server = createServer({ cert, key }, (request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': hello\n\n');
  readers.add(response);
  request.on('close', () => readers.delete(response));
});
// Port, no token, and the certificate to trust.
server.listen(0, '127.0.0.1', 4096, () =>
  console.log(`${(server.address() as AddressInfo).port}  ${certificateFile}`),
);

let sequence = 0;
publishEvenly(eventsPerSecond, () => {
  const data = JSON.stringify({ text: eventText(payloadBytes) });
  const frame = Buffer.from(`id: ${++sequence}\nevent: log\ndata: ${data}\n\n`);
  for (const reader of readers) reader.write(frame);
});
