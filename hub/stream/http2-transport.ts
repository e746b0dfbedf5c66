/** A stream over HTTP/2: one stream of a session; it ends alone and leaves the session to the others. */
import type { ServerHttp2Stream } from 'node:http2';
import type { Peer } from './kernel-queues.ts';
import type { Transport } from './transport.ts';

/** Node finishes every write in a later turn of the event loop, also where the session took it. */
const SLACK_BYTES = 64 * 1024;
/** RFC 9113, section 7: CANCEL. Not read from node:http2: a hub without TLS never loads it, which saves 6 MB. */
const CANCEL = 0x8;

export class Http2Transport implements Transport {
  readonly #stream: ServerHttp2Stream;

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream;
  }

  get protocol(): 'h2' {
    return 'h2';
  }

  get backlog(): number {
    return this.#stream.writableLength;
  }

  get isClosed(): boolean {
    return this.#stream.destroyed;
  }

  get bytesWritten(): null {
    return null;
  }

  /** The session's connection: how it fares says nothing about one stream, but all end with it. */
  get peer(): Peer | null {
    const socket = this.#stream.session?.socket;
    const { localPort, remoteAddress, remotePort } = socket ?? {};
    if (localPort === undefined || remoteAddress === undefined || remotePort === undefined) return null;
    return { localPort, address: remoteAddress, port: remotePort };
  }

  head(fields: Readonly<Record<string, string>>): string {
    const lowerCase = Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]);
    this.#stream.respond({ ':status': 200, ...(Object.fromEntries(lowerCase) as Record<string, string>) });
    return '';
  }

  write(bytes: Uint8Array, taken?: (error?: Error | null) => void): boolean {
    this.#stream.write(bytes, taken);
    return this.#stream.writableLength <= SLACK_BYTES;
  }

  end(bytes: Uint8Array): void {
    this.#stream.end(bytes);
  }

  cut(): void {
    this.#stream.close(CANCEL);
    this.#stream.destroy();
  }

  onClose(listener: () => void): void {
    this.#stream.once('close', listener);
    this.#stream.on('error', ignore);
    this.#stream.resume();
  }
}

/** An error of a stream is always followed by its close. */
function ignore(): void {}
