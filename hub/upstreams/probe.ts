/** Looks at what stands at an address before anything is sent there: which certificate it shows, and whether this machine trusts it. */
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { keyPin } from '../../link/tls/key-pin.ts';
import { unreachable, unreachableBecause } from '../../link/tls/connect-verified.ts';
import type { UpstreamProbe } from '../../shared/schema/servers.ts';
import { openSocket } from './open-stream.ts';
import type { TargetGuard } from './target-guard.ts';

const PROBE_LIMIT_MS = 10_000;

/** Throws a `RefusedTargetError`, or a `WatchlineError` (`unreachable`, `no-tls`). */
export async function probeUpstream(url: URL, guard: TargetGuard): Promise<UpstreamProbe> {
  if (url.protocol === 'http:') {
    const signal = AbortSignal.timeout(PROBE_LIMIT_MS);
    const socket = await openSocket({ url, trust: { kind: 'system' }, guard, signal });
    socket.destroy();
    return { origin: url.origin, certificate: null };
  }
  const socket = await shake(url, await guard.addressOf(url));
  try {
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) throw unreachable(url, 'shows no certificate');
    return { origin: url.origin, certificate: facts(certificate, socket.authorized) };
  } finally {
    socket.destroy();
  }
}

/** Any certificate passes, because it is only looked at: the socket is never written to. */
function shake(url: URL, address: string): Promise<TLSSocket> {
  const hostName = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address,
      port: Number(url.port || 443),
      // An address is no server name (RFC 6066, 3).
      ...(isIP(hostName) === 0 && { servername: hostName }),
      minVersion: 'TLSv1.2',
      rejectUnauthorized: false,
    });
    const timer = setTimeout(() => {
      socket.destroy(unreachable(url, `does not answer within ${PROBE_LIMIT_MS / 1000} s`));
    }, PROBE_LIMIT_MS);
    socket.once('close', () => {
      clearTimeout(timer);
      reject(unreachable(url, 'closed the connection during the TLS handshake'));
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('ERR_SSL_')) reject(unreachable(url, 'does not speak TLS', error));
      else reject('isRetryable' in error ? error : unreachableBecause(url, error));
    });
    socket.once('secureConnect', () => resolve(socket));
  });
}

function facts(certificate: X509Certificate, isTrusted: boolean): NonNullable<UpstreamProbe['certificate']> {
  return {
    pin: keyPin(certificate),
    fingerprint: certificate.fingerprint256,
    isTrusted,
    subject: certificate.subject.replaceAll('\n', ', ').slice(0, 512),
    expires: certificate.validToDate.getTime(),
  };
}
