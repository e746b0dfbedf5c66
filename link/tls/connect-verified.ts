/** Opens a TLS connection to a peer that is trusted, or none. */
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { WatchlineError } from '../../shared/errors.ts';
import { refusalOf, type Trust } from './trust.ts';

export interface ConnectVerifiedOptions {
  /** https; its path does not matter. */
  url: URL;
  trust: Trust;
  /** What is offered in the handshake, the preferred one first: "h2", "http/1.1". */
  protocols: readonly string[];
  /** For connection and handshake together. */
  timeoutMs: number;
  signal?: AbortSignal;
  /** Instead of resolving the URL's name: an address that was checked before. */
  address?: string;
}

/**
 * The socket is connected, verified and unused. Throws an `UntrustedError` (final), a `WatchlineError` `unreachable` or
 * `no-tls` (worth another try), or the signal's reason.
 */
export async function connectVerified(options: ConnectVerifiedOptions): Promise<TLSSocket> {
  const { url, trust, signal } = options;
  signal?.throwIfAborted();
  const hostName = hostNameOf(url);
  const socket = connect({
    host: options.address ?? hostName,
    port: portOf(url),
    ALPNProtocols: [...options.protocols],
    minVersion: 'TLSv1.2',
    // An address is no server name (RFC 6066, 3).
    ...(isIP(hostName) === 0 && { servername: hostName }),
    ...(trust.kind === 'authority' && { ca: trust.certificates }),
    // Everything is verified; `refusalOf` below reads the verdict, because a pinned key needs no authority, and because a refusal is to
    // say which key was shown. Nothing is written before.
    rejectUnauthorized: false,
  });
  try {
    await handshake(socket, options);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  const refusal = refusalOf(trust, socket, url.origin);
  if (refusal === null) return socket;
  socket.destroy();
  throw refusal;
}

function handshake(socket: TLSSocket, options: ConnectVerifiedOptions): Promise<void> {
  const { url, timeoutMs, signal } = options;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const what = socket.connecting ? 'does not answer' : 'does not finish the TLS handshake';
      end(unreachable(url, `${what} within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    const onAbort = (): void => end(signal!.reason as Error);
    const onError = (error: NodeJS.ErrnoException): void => end(explain(url, error));
    const onClose = (): void => end(unreachable(url, 'closed the connection during the TLS handshake'));
    const onSecure = (): void => end(null);
    function end(error: Error | null): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.off('secureConnect', onSecure).off('close', onClose).off('error', onError);
      // What it has to say before its new owner listens shows in its `close`.
      socket.on('error', () => undefined);
      if (error === null) resolve();
      else reject(error);
    }
    socket.on('secureConnect', onSecure).on('close', onClose).on('error', onError);
    signal?.addEventListener('abort', onAbort);
  });
}

/** By OpenSSL's reasons and the system's codes. */
function explain(url: URL, error: NodeJS.ErrnoException): WatchlineError {
  const { code = '' } = error;
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return new WatchlineError('no-tls', `${url.origin} does not speak TLS.`, {
      remedy: 'Check the port; a hub serves TLS when it is started with --tls.',
      isRetryable: true,
      cause: error,
    });
  }
  return unreachable(url, reasons[code] ?? `cannot be reached (${code || error.message})`, error);
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'refuses connections',
  ENOTFOUND: 'is not a name this machine can resolve',
  EAI_AGAIN: 'cannot be resolved now',
  EHOSTUNREACH: 'has no route from here',
  ENETUNREACH: 'has no route from here',
  ETIMEDOUT: 'does not answer',
  ECONNRESET: 'closed the connection',
};

/** Also for plain connections: one word for one trouble. */
export function unreachable(url: URL, why: string, cause?: unknown): WatchlineError {
  return new WatchlineError('unreachable', `${url.host} ${why}.`, {
    remedy: 'Check that the hub runs, that its address is right, and that no firewall is in between.',
    isRetryable: true,
    cause,
  });
}

/** By a system's error code. */
export function unreachableBecause(url: URL, error: NodeJS.ErrnoException): WatchlineError {
  const { code = '' } = error;
  return unreachable(url, reasons[code] ?? `cannot be reached (${code || error.message})`, error);
}

function hostNameOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function portOf(url: URL): number {
  return url.port === '' ? 443 : Number(url.port);
}
