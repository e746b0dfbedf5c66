/** Peer: the npm library better-sse, its channel broadcasting to every session. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createChannel, createSession } from 'better-sse';
import { eventText, publishedLoad, publishEvenly } from './publisher.ts';

const { eventsPerSecond, payloadBytes } = publishedLoad();
const channel = createChannel();

const server = createServer((request, response) => {
  void createSession(request, response).then((session) => {
    session.push('hello');
    channel.register(session);
  });
});
server.listen(0, '127.0.0.1', 4096, () => console.log((server.address() as AddressInfo).port));

publishEvenly(eventsPerSecond, () => {
  channel.broadcast({ text: eventText(payloadBytes) }, 'log');
});
