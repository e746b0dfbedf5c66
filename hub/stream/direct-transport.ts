/**
 * A stream over plain HTTP/1.1, written straight to its connection: per write, Node's stream layer costs more than all the hub
 * does, and a reader that keeps up needs nothing of it. What the kernel does not take at once goes the usual way.
 */
import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { SocketTransport } from './socket-transport.ts';

export class DirectTransport extends SocketTransport {
  readonly #socket: Socket;
  readonly #descriptor: number;
  #sentBytes = 0;
  /** True while Node's stream may hold bytes that come before the next ones. */
  #isQueued = false;

  constructor(socket: Socket, descriptor: number) {
    super(socket);
    this.#socket = socket;
    this.#descriptor = descriptor;
  }

  override get bytesWritten(): number {
    return super.bytesWritten + this.#sentBytes;
  }

  override write(bytes: Uint8Array, taken?: (error?: Error | null) => void): boolean {
    if (this.#isQueued) this.#isQueued = this.#socket.writableLength > 0;
    if (this.#isQueued || taken !== undefined || this.#socket.destroyed) {
      this.#isQueued = true;
      return super.write(bytes, taken);
    }
    const sent = writeNow(this.#descriptor, bytes);
    this.#sentBytes += sent;
    if (sent === bytes.length) return true;
    this.#isQueued = true;
    return super.write(bytes.subarray(sent));
  }
}

/** Of an open connection; null where it has none. */
export function descriptorOf(socket: Socket): number | null {
  const { _handle: handle } = socket as { _handle?: { fd?: number } | null };
  return handle?.fd !== undefined && handle.fd >= 0 ? handle.fd : null;
}

/** How much the kernel took. An error is left to Node's own write, which meets it again. */
function writeNow(descriptor: number, bytes: Uint8Array): number {
  try {
    return writeSync(descriptor, bytes);
  } catch {
    return 0;
  }
}
