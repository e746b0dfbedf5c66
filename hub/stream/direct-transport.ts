/**
 * A stream over plain HTTP/1.1, written straight to its connection: per write, Node's stream layer costs more than all the hub
 * does, and a reader that keeps up needs nothing of it. What the kernel does not take at once goes the usual way.
 */
import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { isEncrypted, SocketTransport } from './socket-transport.ts';

/** What Node does not document of a socket: its handle is null from the turn on in which its descriptor is closed. */
export interface SocketWithHandle extends Socket {
  readonly _handle: { readonly fd: number } | null;
}

/** False where there is no descriptor to write to: on Windows, under TLS, and in a Node that works otherwise. */
export function hasDescriptor(socket: Socket): socket is SocketWithHandle {
  const fd = (socket as Partial<SocketWithHandle>)._handle?.fd;
  return fd !== undefined && fd >= 0 && !isEncrypted(socket);
}

export class DirectTransport extends SocketTransport {
  readonly #socket: SocketWithHandle;
  readonly #descriptor: number;
  #sentBytes = 0;
  /** True while Node's stream may hold bytes that come before the next ones. */
  #isQueued = false;

  /** `socket` must be open. */
  constructor(socket: SocketWithHandle) {
    super(socket);
    this.#socket = socket;
    this.#descriptor = socket._handle!.fd;
  }

  override get bytesWritten(): number {
    return super.bytesWritten + this.#sentBytes;
  }

  override write(bytes: Uint8Array, taken?: (error?: Error | null) => void): boolean {
    if (this.#isQueued) this.#isQueued = this.#socket.writableLength > 0;
    if (this.#isQueued || taken !== undefined || this.#socket._handle === null) {
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

/** How much the kernel took. An error is left to Node's own write, which meets it again. */
function writeNow(descriptor: number, bytes: Uint8Array): number {
  try {
    return writeSync(descriptor, bytes);
  } catch {
    return 0;
  }
}
