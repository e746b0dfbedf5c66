/** What a hub is started with, and what each option is when left out. */
import { HEARTBEAT_MS, MAX_RECENT_SECONDS, STREAM_SILENCE_MS } from '../shared/protocol.ts';
import { WatchlineError } from '../shared/errors.ts';
import type { HostObserver } from '../shared/observer.ts';
import type { ReachSettings } from '../shared/schema/reach.ts';
import { noKeyring, type Keyring } from './access/keyring.ts';
import { defaultLadder, type Tier } from './history/store/ladder.ts';
import type { Compression } from './stream/accept-encoding.ts';

export interface HubOptions {
  /** Shown in `hello`, `/healthz` and `/metrics`. */
  version: string;
  /** Address to listen on: "127.0.0.1" keeps the hub on this machine, "0.0.0.0" opens it to the network. */
  host: string;
  /** Port to listen on; 0: any free one. */
  port: number;
  /** Folder of sessions and the runtime file; made (mode 0700) if missing. */
  dataDir: string;
  /** Folder of the built page, served at "/"; null: no page. */
  pageDir: string | null;
  /** Names a `Host` header may carry besides loopback names, `host` and the address a connection came in on. */
  allowedHosts: string[];
  /** Origins whose pages may read answers (CORS): "https://dash.example". Default none. */
  allowedOrigins?: string[];
  /** TLS on the port: files in PEM, or a self-signed pair kept in the data folder. Null, the default: plain HTTP. */
  tls?: TlsFiles | 'self-signed' | null;
  /** How others reach the hub, as far as it is not left to what its owner chooses (`reach.json`). Default: all of it is. */
  reach?: Partial<ReachSettings>;
  /** Started once the hub listens, disposed before it stops. */
  observers: HostObserver[];

  /** Time between two `ping` events, in milliseconds. Default 15,000. */
  heartbeatMs?: number;
  /**
   * Events within this time leave as one write per reader, in milliseconds. 0: only those of one turn of the event loop.
   * Default 25.
   */
  flushWindowMs?: number;
  /**
   * Whether streams are compressed for readers that accept zstd or gzip: `auto` for all but readers on this machine, `on`, `off`.
   * Default `auto`.
   */
  compression?: Compression;
  /**
   * A stream is asked to come back after this time, give or take a fifth of it, in milliseconds; it goes on at its cursor.
   * 0: never. Default 600,000.
   */
  rotateMs?: number;
  /** Memory of the replay ring, in bytes. Default 4 MiB. */
  replayBytes?: number;
  /** What one reader may have waiting before it is cut, in bytes. Default 1 MiB. */
  outboxBytes?: number;
  /** A backed-up reader that takes nothing for this long is cut, in milliseconds. Default 10,000. */
  outboxMs?: number;
  /** Keeps the owner's token; made where it is missing. Null, the default: a new token with every start. */
  tokenFile?: string | null;
  /** Names and addresses an upstream may have although they are link-local, metadata or multicast. Default none. */
  allowedTargets?: string[];
  /** Seals secrets that have to be kept and used again. Default: none; their files are readable by this user alone. */
  keyring?: Keyring;
  /** An upstream's stream without an event for this long is opened anew, in milliseconds. Default 45,000. */
  upstreamSilenceMs?: number;
  /** First wait before an upstream, or another tool, is asked again; it doubles up to a minute. In milliseconds, default 2,000. */
  upstreamRetryMs?: number;
  /** Wait before an upstream, or another tool, that refused is asked again, in milliseconds. Default 60,000. */
  upstreamRefusedRetryMs?: number;
  /** Time between two requests to a place that samples are written to, for steps of up to 5 s; in proportion for longer ones. In milliseconds, default 5,000. */
  remoteWriteMs?: number;
  /** Open streams in all. Default 10,000. */
  maxStreams?: number;
  /** Open streams per token or session. Default: as `maxStreams`. */
  maxStreamsPerToken?: number;
  /** Open streams per remote address. Default: as `maxStreams`, because behind a proxy all readers share one. */
  maxStreamsPerAddress?: number;
  /** Wrong tokens or tickets a minute from one address before it gets 429. Default 20. */
  maxBadTokens?: number;
  /** Notes and markers one token may post in a minute before it gets 429. Default 60. */
  maxNotesPerMinute?: number;
  /** What agents sent is kept on the disk, for a hub that is started again: at most this much, in bytes. Default 96 MiB. */
  journalBytes?: number;
  /** ... and for this long, in milliseconds. Default 15 min, which is what a page shows at most without a history. */
  journalMs?: number;
  /** Room of the log archive, in bytes; 0: no lines are kept. Default 1 GiB. */
  logArchiveBytes?: number;
  /** ... and how long it keeps them, in milliseconds. Default 7 days. */
  logArchiveMs?: number;
  /** Room of history, in bytes; 0: none is kept. Default 2 GiB. */
  historyBytes?: number;
  /** How fine it is kept, and for how long. Default: see `hub/history/store/ladder.ts`. */
  historyLadder?: readonly Tier[];
  /** Batches one agent may send in a second before it gets 429. Default 20. */
  maxBatchesPerSecond?: number;
  /** A request's head must be complete after this time, in milliseconds. Default 10,000. */
  headersTimeoutMs?: number;
  /** A whole request must be complete after this time, in milliseconds. Default 30,000. */
  requestTimeoutMs?: number;
  /** Given what went wrong inside and has no reader to be told to. Default: one line on stderr. */
  report?: (trouble: Error) => void;
}

export interface TlsFiles {
  certificateFile: string;
  keyFile: string;
}

export type HubSettings = Readonly<Required<HubOptions>>;

/** Every option with its default filled in. */
export function settingsOf(options: HubOptions): HubSettings {
  const maxStreams = options.maxStreams ?? 10_000;
  return {
    allowedOrigins: [],
    tls: null,
    reach: {},
    heartbeatMs: HEARTBEAT_MS,
    flushWindowMs: 25,
    compression: 'auto',
    rotateMs: 600_000,
    replayBytes: 4 * 1024 * 1024,
    outboxBytes: 1024 * 1024,
    outboxMs: 10_000,
    maxStreamsPerToken: maxStreams,
    maxStreamsPerAddress: maxStreams,
    tokenFile: null,
    allowedTargets: [],
    keyring: noKeyring,
    upstreamSilenceMs: STREAM_SILENCE_MS,
    upstreamRetryMs: 2_000,
    upstreamRefusedRetryMs: 60_000,
    remoteWriteMs: 5_000,
    maxBadTokens: 20,
    maxNotesPerMinute: 60,
    journalBytes: 96 * 1024 * 1024,
    journalMs: MAX_RECENT_SECONDS * 1000,
    logArchiveBytes: 1024 ** 3,
    logArchiveMs: 7 * 24 * 3_600_000,
    historyBytes: 2 * 1024 ** 3,
    historyLadder: defaultLadder,
    maxBatchesPerSecond: 20,
    headersTimeoutMs: 10_000,
    requestTimeoutMs: 30_000,
    report: reportOnStderr,
    ...options,
    maxStreams,
  };
}

/** What was foreseen says in one line what happened and what to do; where anything else came from shows in its stack. */
function reportOnStderr(trouble: Error): void {
  const text =
    trouble instanceof WatchlineError
      ? [trouble.message, trouble.remedy ?? ''].join(' ').trim()
      : (trouble.stack ?? trouble.message);
  process.stderr.write(`watchline: ${text}\n`);
}
