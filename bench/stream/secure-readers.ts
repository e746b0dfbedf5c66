/**
 * Program: readers over TLS, one connection each, that read and do no more.
 * `secure-readers PORT COUNT CERTIFICATE_FILE REQUEST_FILE` prints `ready` once each has had the first bytes of its answer, and ends with its stdin.
 */
import { readFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import { pinnedTo } from '../../link/tls/pinned.ts';

/** Handshakes at once: enough to keep the server busy, few enough for its queue of connections. */
const AT_ONCE = 32;

const [port, count, certificateFile, requestFile] = process.argv.slice(2) as [string, string, string, string];
const request = readFileSync(requestFile);
const trust = pinnedTo(certificateFile);
const sockets: TLSSocket[] = [];

async function openSome(): Promise<void> {
  while (sockets.length < Number(count)) await open();
}

function open(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host: '127.0.0.1', port: Number(port), ALPNProtocols: ['http/1.1'], ...trust });
  sockets.push(socket);
  socket.once('error', reject);
  socket.once('data', () => resolve());
  socket.write(request);
  socket.resume();
  return promise;
}

await Promise.all(Array.from({ length: AT_ONCE }, openSome));
process.stdin.resume().once('end', () => process.exit());
console.log('ready');
