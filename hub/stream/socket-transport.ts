/** A stream over HTTP/1.1: the bare socket of its connection, plain or TLS. The body ends with the connection. */
import type { Socket } from 'node:net';
import type { Peer } from './kernel-queues.ts';
import type { Transport } from './transport.ts';

/**
 * Idle sockets are probed from this time on, ten times in ten seconds: a reader that vanished without a word is noticed
 * before the next ping is due. What is on its way keeps the kernel from probing; `ReaderWatch` looks at that.
 */
const KEEP_ALIVE_MS = 4_000;
/** Node's TLS finishes every write in a later turn of the event loop, also where the kernel took it. */
const TLS_SLACK_BYTES = 64 * 1024;

export class SocketTransport implements Transport {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
  }

  get protocol(): 'h1' {
    return 'h1';
  }

  get backlog(): number {
    return this.#socket.writableLength;
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  get bytesWritten(): number {
    return this.#socket.bytesWritten;
  }

  get peer(): Peer | null {
    const { localPort, remoteAddress, remotePort } = this.#socket;
    if (localPort === undefined || remoteAddress === undefined || remotePort === undefined) return null;
    return { localPort, address: remoteAddress, port: remotePort };
  }

  head(fields: Readonly<Record<string, string>>): string {
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    return `HTTP/1.1 200 OK\r\n${lines.join('')}Connection: close\r\n\r\n`;
  }

  write(bytes: Uint8Array, taken?: (error?: Error | null) => void): boolean {
    this.#socket.write(bytes, taken);
    return this.#socket.writableLength <= (isEncrypted(this.#socket) ? TLS_SLACK_BYTES : 0);
  }

  end(bytes: Uint8Array): void {
    this.#socket.write(bytes);
    // Once all is with the kernel, without waiting for the reader to hang up as well.
    this.#socket.destroySoon();
  }

  /** A reset also frees what the kernel holds for a reader that takes nothing. Node knows none for TLS. */
  cut(): void {
    if (isEncrypted(this.#socket)) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  onClose(listener: () => void): void {
    const socket = this.#socket;
    socket.once('close', listener);
    socket.on('error', destroyThis);
    // A stream has nothing to read: what comes is discarded, and the reader's end is seen.
    socket.on('end', destroyThis);
    socket.resume();
  }
}

/** By its property, not its class: a hub without TLS never loads node:tls. */
export function isEncrypted(socket: Socket): boolean {
  return 'encrypted' in socket;
}

function destroyThis(this: Socket): void {
  this.destroy();
}
