/** Peer: the least a Node program does. One shared Buffer per event, `res.write` to each reader, no backpressure. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventText, publishedLoad, publishEvenly } from './publisher.ts';

const { eventsPerSecond, payloadBytes } = publishedLoad();
const readers = new Set<ServerResponse>();

const server = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': hello\n\n');
  readers.add(response);
  request.on('close', () => readers.delete(response));
});
server.listen(0, '127.0.0.1', 4096, () => console.log((server.address() as AddressInfo).port));

let sequence = 0;
publishEvenly(eventsPerSecond, () => {
  const data = JSON.stringify({ text: eventText(payloadBytes) });
  const frame = Buffer.from(`id: ${++sequence}\nevent: log\ndata: ${data}\n\n`);
  for (const reader of readers) reader.write(frame);
});
