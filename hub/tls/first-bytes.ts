/**
 * Lets a TLS connection begin with its first bytes, handed over in small pieces, and not before.
 *
 * Node reads from the network into a buffer per TLS connection that is made by its first read and kept for good, and a read asks
 * for 64 KiB. Bytes that a socket had read already are copied in instead, into a buffer of their own size, 1 KiB at least; it grows
 * to 16 KiB where one read fills it.
 * For its figures see docs/performance.md.
 */
import type { Server } from 'node:https';
import { Socket } from 'node:net';

/** Below the 1 KiB of Node's smallest buffer: a buffer that is full makes Node add one of 16 KiB. */
const PIECE_BYTES = 512;

/** To be called before the server listens. A connection that says nothing for `timeoutMs` is closed. */
export function beginWithFirstBytes(server: Server, timeoutMs: number): void {
  const beginTls = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const leave = (): void => void socket.destroy();
    socket.setTimeout(timeoutMs, leave);
    socket.on('error', leave);
    socket.once('end', leave);
    socket.once('readable', () => {
      socket.setTimeout(0);
      for (const event of ['timeout', 'error', 'end']) socket.removeListener(event, leave);
      if (socket.destroyed || socket.readableLength === 0) return leave();
      socket.read = readPiece;
      for (const begin of beginTls) begin.call(server, socket);
    });
  });
}

/** A TLS socket empties the one below it by `read()`, which would give all at once. Node's own calls have a size, which is 0. */
function readPiece(this: Socket, size?: number): unknown {
  return Socket.prototype.read.call(this, size ?? Math.min(PIECE_BYTES, this.readableLength));
}
