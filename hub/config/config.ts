/** The one configuration of the program: its shape and ranges. Types are inferred from here. */
import * as z from 'zod/mini';
import { isKeyPin } from '../../link/tls/key-pin.ts';
import { listenPort, reachSettings } from '../../shared/schema/reach.ts';
import { pairingCode } from '../../shared/schema/uplink.ts';

/** A path, glob or host name: nothing a person writes is longer. */
const word = z.string().check(z.trim(), z.minLength(1), z.maxLength(4096));
/** As systemd.unit(5) has it. No patterns: journalctl looks once what they stand for, so that later units would be missed. */
const unitName = z.string().check(z.regex(/^[\w:.\\@-]{1,255}$/));

/** Scheme, host and port, nothing behind them: neither "null" nor "*" is one. */
const ORIGIN = /^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?$/;

const streamCap = z.int().check(z.minimum(1), z.maximum(100_000));

const interval = z.int().check(z.minimum(250), z.maximum(3_600_000));

/**
 * `mustBe...` texts in settings.ts say the same in words: a test holds the two side by side. A function: it is asked once, and need
 * not be kept.
 */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- `Config` is made of its type
export const configSchema = () =>
  z.strictObject({
    /** True: never a window, even where there is a display. Default false. */
    headless: z.boolean(),
    hub: z.strictObject({
      /** Address to listen on. Default 127.0.0.1: this machine only. */
      host: z.union([z.ipv4(), z.ipv6(), z.literal('localhost')]),
      /** 0: any free port. Default 7400. */
      port: listenPort,
      /** Absolute. Holds the host's id, the running hub's address and key, history. Default: see folders.ts. */
      dataDir: word,
      /** Names, besides loopback's own, that a request may call this hub by (its `Host` header). Default none. */
      allowedHosts: z.array(word.check(z.maxLength(255))).check(z.maxLength(64)),
      /** Origins whose pages may read this hub's answers (CORS), as browsers write them. Default none. */
      allowedOrigins: z.array(z.string().check(z.regex(ORIGIN), z.maxLength(255))).check(z.maxLength(64)),
      /** Absolute: keeps the owner's token. Default null: a new one with every start. */
      tokenFile: z.nullable(word),
      /** Names and addresses of upstreams that would be refused otherwise. Default none. */
      allowedTargets: z.array(word.check(z.maxLength(255))).check(z.maxLength(64)),
      /** Open streams and held polls, in all. Default 10,000. */
      maxStreams: streamCap,
      /** ... per token or session, and per address. Default null: as `maxStreams`. */
      maxStreamsPerToken: z.nullable(streamCap),
      maxStreamsPerAddress: z.nullable(streamCap),
      /** Events within this time leave as one write per reader. Default 25; 0: those of one turn of the event loop. */
      flushWindowMs: z.int().check(z.minimum(0), z.maximum(1_000)),
      /** A stream is asked to come back after this time, a fifth more or less. Default 600,000; 0: never. */
      rotateMs: z.union([z.literal(0), z.int().check(z.minimum(10_000), z.maximum(86_400_000))]),
      /** Default `auto`: see `HubOptions.compression`. */
      compression: z.enum(['auto', 'on', 'off']),
      /** Room for what agents sent, for the next start. Default 96. */
      intakeMebibytes: z.int().check(z.minimum(8), z.maximum(4_096)),
      /** ... and for how long, in minutes. Default 15. */
      intakeMinutes: z.int().check(z.minimum(1), z.maximum(1_440)),
      /** Room for log lines to be searched. Default 1024; 0: none are kept. */
      logArchiveMebibytes: z.union([z.literal(0), z.int().check(z.minimum(16), z.maximum(1_048_576))]),
      /** ... and how long they are kept, in days. Default 7. */
      logArchiveDays: z.int().check(z.minimum(1), z.maximum(3_650)),
      /** Room for history. Default 2048; 0: none is kept. */
      historyMebibytes: z.union([z.literal(0), z.int().check(z.minimum(64), z.maximum(1_048_576))]),
      /** How long steps of it are kept, as "1m=90d". Default: 1s=24h 10s=7d 1m=90d 15m=730d 4h=730d. */
      historyKeep: z
        .array(z.string().check(z.regex(/^(1s|10s|1m|15m|4h)=[1-9]\d{0,4}[hd]$/)))
        .check(z.maxLength(5)),
      tls: z.strictObject({
        /** TLS with a self-signed certificate that is kept in the data folder. Default false. */
        enabled: z.boolean(),
        /** Absolute paths of PEM files: both, or null (the default) for neither. */
        cert: z.nullable(word),
        key: z.nullable(word),
      }),
      /** How others reach the hub. Each is null by default: as its owner chose on the dashboard. */
      reach: z.strictObject({
        network: z.nullable(reachSettings.shape.network),
        port: z.nullable(reachSettings.shape.port),
        /** Absolute paths of PEM files: both or neither. */
        cert: z.nullable(word),
        key: z.nullable(word),
        publicUrl: reachSettings.shape.publicUrl,
        trustedProxies: z.nullable(reachSettings.shape.trustedProxies),
      }),
      /** Open the default browser at start, where there is a display and a terminal. Default true. */
      openBrowser: z.boolean(),
    }),
    agent: z.strictObject({
      /** What this machine is called. Default null: its host name. */
      name: z.nullable(z.string().check(z.trim(), z.minLength(1), z.maxLength(255))),
      /** Between two samples. Default 1000. */
      intervalMs: interval,
      /** Between two process tables. Default 2000. */
      processesIntervalMs: interval,
      logs: z.strictObject({
        /** Absolute paths and globs to follow. Default: see collect/logs/default-log-files.ts. */
        files: z.array(word).check(z.maxLength(256)),
        /** Globs left out of `files`, besides rotated, compressed and binary ones. Default none. */
        exclude: z.array(word).check(z.maxLength(256)),
        /** Follow the system's own log (journal, macOS log, Windows event log) where there is one. Default true. */
        journal: z.boolean(),
        /** Of the journal these systemd units alone, as systemctl names them. Default none: all of it. */
        units: z.array(unitName).check(z.maxLength(64)),
        /** Follow the containers of Docker or Podman where there are any. Default true. */
        containers: z.boolean(),
        /** The engine's socket. Default null: see collect/logs/containers/known-sockets.ts. */
        containerSocket: z.nullable(word),
        /** What lines of standard input are called. Default null: they are not read. */
        stdin: z.nullable(z.string().check(z.trim(), z.minLength(1), z.maxLength(255))),
      }),
      /** Taken out of all that is observed. Default none. */
      redact: z.array(z.enum(['secrets', 'emails', 'addresses'])),
    }),
    /** Of `watchline agent`. */
    uplink: z.strictObject({
      /** Origin of the hub. Default null: the one it was paired with. */
      hub: z.nullable(
        z.string().check(
          z.regex(/^https?:\/\/[^/?#@\s]+\/?$/),
          z.maxLength(2048),
          z.refine((text) => URL.canParse(text)),
        ),
      ),
      /** Default null: paired before. */
      code: z.nullable(z.pipe(z.string().check(z.trim(), z.toUpperCase()), pairingCode)),
      /** Default null: the one it was paired with; at pairing, what the system or `ca` trusts. */
      pin: z.nullable(z.string().check(z.refine(isKeyPin))),
      /** Absolute path of a PEM file. Default null. */
      ca: z.nullable(word),
      /** Absolute. Default: see folders.ts. */
      dataDir: word,
      /** Default 256. */
      spoolMebibytes: z.int().check(z.minimum(8), z.maximum(65_536)),
      /** Default 24. */
      spoolHours: z.int().check(z.minimum(1), z.maximum(720)),
    }),
  });

type Deep<T> = T extends readonly (infer Item)[]
  ? readonly Deep<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: Deep<T[K]> }
    : T;

/** Frozen through and through. */
export type Config = Deep<z.infer<ReturnType<typeof configSchema>>>;
