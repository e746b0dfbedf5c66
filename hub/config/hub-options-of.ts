/** The part of a hub's options that people set. */
import type { ReachSettings } from '../../shared/schema/reach.ts';
import type { HubOptions, TlsFiles } from '../hub-options.ts';
import { defaultLadder, type Tier } from '../history/store/ladder.ts';
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
  | 'reach'
  | 'flushWindowMs'
  | 'rotateMs'
  | 'compression'
  | 'journalBytes'
  | 'journalMs'
  | 'logArchiveBytes'
  | 'logArchiveMs'
  | 'historyBytes'
  | 'historyLadder'
  | 'maxStreams'
  | 'maxStreamsPerToken'
  | 'maxStreamsPerAddress'
>;

/** Throws a `ConfigError` where a tier is kept for a shorter time than a finer one, or only one file of a certificate is named. */
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
    reach: reachOf(hub.reach),
    flushWindowMs: hub.flushWindowMs,
    rotateMs: hub.rotateMs,
    compression: hub.compression,
    journalBytes: hub.intakeMebibytes * 1024 * 1024,
    journalMs: hub.intakeMinutes * 60_000,
    logArchiveBytes: hub.logArchiveMebibytes * 1024 * 1024,
    logArchiveMs: hub.logArchiveDays * 24 * 3_600_000,
    historyBytes: hub.historyMebibytes * 1024 * 1024,
    historyLadder: ladderOf(hub.historyKeep),
    maxStreams,
    maxStreamsPerToken: maxStreamsPerToken ?? maxStreams,
    maxStreamsPerAddress: maxStreamsPerAddress ?? maxStreams,
  };
}

/** "1m=90d": of what steps, kept for how long. Steps that are not named are kept as usual. */
function ladderOf(wishes: readonly string[]): readonly Tier[] {
  const ladder = defaultLadder.map((tier) => {
    const wish = wishes.findLast((each) => millisecondsOf(each.split('=')[0]!) === tier.stepMs);
    return wish === undefined ? tier : { ...tier, keepMs: millisecondsOf(wish.split('=')[1]!) };
  });
  const shorter = ladder.find(({ keepMs }, at) => at > 0 && keepMs < ladder[at - 1]!.keepMs);
  if (shorter === undefined) return ladder;
  throw new ConfigError(
    `hub.historyKeep keeps steps of ${shorter.stepMs / 1_000} s for a shorter time than finer ones, from which they are made.`,
    'Give coarser steps the same time or a longer one.',
    null,
    'hub.historyKeep',
  );
}

const milliseconds: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 24 * 3_600_000 };

/** "15m", as the schema lets it pass. */
function millisecondsOf(text: string): number {
  return Number.parseInt(text, 10) * milliseconds[text.at(-1)!]!;
}

/** Only what was set: the rest is the owner's to choose. */
function reachOf({
  network,
  port,
  cert,
  key,
  publicUrl,
  trustedProxies,
}: Config['hub']['reach']): Partial<ReachSettings> {
  const files = filesOf('hub.reach', cert, key);
  return {
    ...(network !== null && { network }),
    ...(port !== null && { port }),
    ...(files !== null && {
      certificate: 'files' as const,
      files: { certificate: files.certificateFile, key: files.keyFile },
    }),
    ...(publicUrl !== null && { publicUrl }),
    ...(trustedProxies !== null && { trustedProxies: [...trustedProxies] }),
  };
}

/** Files that are named are used, whether or not TLS is asked for besides. */
function tlsOf({ enabled, cert, key }: Config['hub']['tls']): NonNullable<HubOptions['tls']> | null {
  return filesOf('hub.tls', cert, key) ?? (enabled ? 'self-signed' : null);
}

function filesOf(group: string, cert: string | null, key: string | null): TlsFiles | null {
  if (cert !== null && key !== null) return { certificateFile: cert, keyFile: key };
  if (cert === null && key === null) return null;
  const [given, missing] = cert === null ? ['key', 'cert'] : ['cert', 'key'];
  throw new ConfigError(
    `${group}.${given} is set, but ${group}.${missing} is not.`,
    `Name both files, or neither for a certificate that the hub makes itself.`,
    null,
    `${group}.${missing}`,
  );
}
