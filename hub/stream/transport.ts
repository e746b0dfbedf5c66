/**
 * What a stream is written to: a bare socket (HTTP/1.1, with or without TLS) or a stream of an HTTP/2 session.
 * Subscribers know nothing else of either.
 */
import type { ServerHttp2Stream } from 'node:http2';
import { Socket } from 'node:net';
import type { Peer } from './kernel-queues.ts';
import { Http2Transport } from './http2-transport.ts';
import { DirectTransport, hasDescriptor } from './direct-transport.ts';
import { SocketTransport } from './socket-transport.ts';

export type StreamProtocol = 'h1' | 'h2';

export interface Transport {
  readonly protocol: StreamProtocol;
  /** Bytes given to `write` that have not left this process yet. */
  readonly backlog: number;
  readonly isClosed: boolean;
  /** Bytes given to the connection so far; null where it serves others as well. */
  readonly bytesWritten: number | null;
  /** The connection's ends, of HTTP/2 those that all streams of a session share; null once it is gone. */
  readonly peer: Peer | null;

  /**
   * Called once, before the first write. Returns what has to stand before the first byte of the body: the head as text,
   * or nothing where the protocol sends heads by itself.
   */
  head(fields: Readonly<Record<string, string>>): string;
  /** `taken` is called once all up to and including `bytes` has left this process; with an error if it never will. */
  write(bytes: Uint8Array, taken?: (error?: Error | null) => void): boolean;
  /** Ends the stream once `bytes` and all before them have left, without waiting for the reader. */
  end(bytes: Uint8Array): void;
  /** Ends the stream now, and frees what this process and the kernel hold for the reader. */
  cut(): void;
  /** What the reader sends is discarded from here on; `listener` is called once, when the stream is over for any reason. */
  onClose(listener: () => void): void;
}

export function transportOf(stream: Socket | ServerHttp2Stream): Transport {
  if (!(stream instanceof Socket)) return new Http2Transport(stream);
  return hasDescriptor(stream) ? new DirectTransport(stream) : new SocketTransport(stream);
}
