/** Which encoding a stream gets: what the reader accepts, and whether its way is worth it. */
import type { IncomingHttpHeaders } from 'node:http';
import { acceptedWeights } from '../http/accepted-weights.ts';
import type { Codec } from './compression/codec.ts';
import { gzipCodec } from './compression/gzip-codec.ts';
import { zstdCodec } from './compression/zstd-codec.ts';

/** `auto`: all but readers on this machine. See `codecFor`. */
export type Compression = 'auto' | 'on' | 'off';

/** Proxies say with one of these that the connection is not the reader's own. */
const proxyHeaders = ['x-forwarded-for', 'forwarded', 'via'] as const;

/**
 * Null: plain. `address` is the remote end of the connection. A loopback connection is taken for a reader on this machine, unless a
 * proxy names itself in the head; one that does not (nginx as it comes) costs its readers the compression, until the
 * option is `on`.
 */
export function codecFor(
  compression: Compression,
  headers: IncomingHttpHeaders,
  address: string,
): Codec | null {
  if (compression === 'off') return null;
  const isWorthIt =
    compression === 'on' || !isLoopback(address) || proxyHeaders.some((name) => headers[name] !== undefined);
  return isWorthIt ? acceptedCodec(headers['accept-encoding']) : null;
}

/**
 * RFC 9110, 12.5.3: a weight of 0 refuses, a name of its own outweighs `*`, no header asks for nothing. Of two that weigh the same it is
 * zstd, which leaves fewer bytes. `*` is taken for gzip: who does not name what it reads may not have heard of zstd.
 */
function acceptedCodec(header: string | string[] | undefined): Codec | null {
  const weights = acceptedWeights(header);
  const gzip = weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0;
  const zstd = weights.get('zstd') ?? 0;
  if (zstd > 0 && !(gzip > zstd)) return zstdCodec;
  return gzip > 0 ? gzipCodec : null;
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
