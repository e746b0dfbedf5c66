/** Which encoding a stream gets: what the reader accepts, and whether its way is worth it. */
import type { IncomingHttpHeaders } from 'node:http';

/** `auto`: all but readers on this machine. See `isCompressed`. */
export type Compression = 'auto' | 'on' | 'off';

/** Proxies say with one of these that the connection is not the reader's own. */
const proxyHeaders = ['x-forwarded-for', 'forwarded', 'via'] as const;

/**
 * `address` is the remote end of the connection. A loopback connection is taken for a reader on this machine, unless a
 * proxy names itself in the head; one that does not (nginx as it comes) costs its readers the compression, until the
 * option is `on`.
 */
export function isCompressed(
  compression: Compression,
  headers: IncomingHttpHeaders,
  address: string,
): boolean {
  if (compression === 'off' || !acceptsGzip(headers['accept-encoding'])) return false;
  if (compression === 'on') return true;
  return !isLoopback(address) || proxyHeaders.some((name) => headers[name] !== undefined);
}

/** RFC 9110, 12.5.3: a weight of 0 refuses, a name of its own outweighs `*`, no header asks for nothing. */
function acceptsGzip(header: string | string[] | undefined): boolean {
  const weights = new Map<string, number>();
  for (const item of String(header ?? '').split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(name, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  return (weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0) > 0;
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
