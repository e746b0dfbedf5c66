/** The TLS of a running hub: its pair now, and looked at again from time to time, so that a renewed one is used without a restart. */
import type { RequestListener } from 'node:http';
import type { HubSettings } from '../hub-options.ts';
import { openKeptPair } from './kept-pair.ts';
import { createSecureServer, type SecureServer, type SecureServerOptions } from './secure-server.ts';
import { readTlsPair, type TlsPair } from './tls-pair.ts';

/** Certificates are renewed days before they end. */
const LOOK_AGAIN_MS = 3_600_000;

export type TlsSettings = Pick<HubSettings, 'dataDir' | 'host' | 'allowedHosts' | 'tls' | 'report'>;

export interface HubTls {
  readonly pair: TlsPair;
  readonly secure: (options: SecureServerOptions, listener: RequestListener) => SecureServer;
  /** From now on the server uses each new pair. Called once `secure` was. */
  watch(): Disposable;
}

/** Throws a `ConfigError` where the named files cannot be used. */
export function openTls(settings: TlsSettings): HubTls {
  const pair = openTlsPair(settings);
  let server: SecureServer | null = null;
  return {
    pair,
    secure: (options, listener) => (server = createSecureServer(pair, options, listener)),
    watch: () => watchTlsPair(settings, pair, (next) => server?.usePair(next)),
  };
}

function openTlsPair({ tls, dataDir, host, allowedHosts }: TlsSettings): TlsPair {
  if (tls === 'self-signed') return openKeptPair({ dataDir, listenHost: host, allowedHosts });
  return readTlsPair(tls!.certificateFile, tls!.keyFile);
}

/** Hands over each new pair. One that cannot be used is reported once, and the old one stays. */
export function watchTlsPair(
  settings: TlsSettings,
  first: TlsPair,
  usePair: (pair: TlsPair) => void,
  everyMs = LOOK_AGAIN_MS,
): Disposable {
  let current = first.fingerprint;
  let reported = '';
  const look = (): void => {
    try {
      const pair = openTlsPair(settings);
      if (pair.fingerprint === current) return;
      usePair(pair);
      current = pair.fingerprint;
      reported = '';
    } catch (error) {
      const { message } = error as Error;
      if (message !== reported) settings.report(error as Error);
      reported = message;
    }
  };
  const timer = setInterval(look, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
