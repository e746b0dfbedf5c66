/** The part of a hub's options that people set. */
import type { HubOptions } from '../hub-options.ts';
import { ConfigError } from './config-error.ts';
import type { Config } from './config.ts';

type SetOptions = Pick<
  HubOptions,
  | 'host'
  | 'port'
  | 'dataDir'
  | 'allowedHosts'
  | 'allowedOrigins'
  | 'tokenFile'
  | 'allowedTargets'
  | 'tls'
  | 'flushWindowMs'
  | 'rotateMs'
  | 'compression'
  | 'journalBytes'
  | 'journalMs'
  | 'maxStreams'
  | 'maxStreamsPerToken'
  | 'maxStreamsPerAddress'
>;

/** Throws a `ConfigError` where only one of the TLS files is named. */
export function hubOptionsOf(hub: Config['hub']): SetOptions {
  const { maxStreams, maxStreamsPerToken, maxStreamsPerAddress } = hub;
  return {
    host: hub.host,
    port: hub.port,
    dataDir: hub.dataDir,
    allowedHosts: [...hub.allowedHosts],
    allowedOrigins: [...hub.allowedOrigins],
    tokenFile: hub.tokenFile,
    allowedTargets: [...hub.allowedTargets],
    tls: tlsOf(hub.tls),
    flushWindowMs: hub.flushWindowMs,
    rotateMs: hub.rotateMs,
    compression: hub.compression,
    journalBytes: hub.intakeMebibytes * 1024 * 1024,
    journalMs: hub.intakeMinutes * 60_000,
    maxStreams,
    maxStreamsPerToken: maxStreamsPerToken ?? maxStreams,
    maxStreamsPerAddress: maxStreamsPerAddress ?? maxStreams,
  };
}

/** Files that are named are used, whether or not TLS is asked for besides. */
function tlsOf({ enabled, cert, key }: Config['hub']['tls']): NonNullable<HubOptions['tls']> | null {
  if (cert !== null && key !== null) return { certificateFile: cert, keyFile: key };
  if (cert === null && key === null) return enabled ? 'self-signed' : null;
  const [given, missing] = cert === null ? ['key', 'cert'] : ['cert', 'key'];
  throw new ConfigError(
    `hub.tls.${given} is set, but hub.tls.${missing} is not.`,
    `Name both files, or use --tls for a certificate that the hub makes itself.`,
    null,
    `hub.tls.${missing}`,
  );
}
