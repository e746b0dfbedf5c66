/** How a hub is reached by other machines: what its owner chose, what stands, and the test of it. `/api/v1/reach`. */
import * as z from 'zod/mini';
import { isOpenToBrowsers } from '../browser-ports.ts';

/** The port tried first for "This network". */
export const NETWORK_PORT = 7443;

/** An address, or a range of them in CIDR: "10.0.0.0/8", "fd00::/8", "192.0.2.7". */
const range = z.string().check(
  z.trim(),
  z.maxLength(64),
  z.refine(
    (text) => addressOrRange.safeParse(text).success,
    'not an IP address, nor a range such as 10.0.0.0/8',
  ),
);
const addressOrRange = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()]);

/** Scheme, host and port, and nothing behind them. */
const PUBLIC_URL = /^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?\/?$/i;

/** 0: any free one. */
export const listenPort = z
  .int()
  .check(z.minimum(0), z.maximum(65_535), z.refine(isOpenToBrowsers, 'browsers connect to no such port'));

const file = z.string().check(z.trim(), z.minLength(1), z.maxLength(4096));

/** What the owner chose; kept in `reach.json`. */
export const reachSettings = z.object({
  /** The second listener: closed (the default), with TLS and HTTP/2, or plain HTTP. */
  network: z.enum(['off', 'tls', 'plain']),
  /** Its port. 0 on the way in: a free one, from 7443 on, which is kept. Default 7443. */
  port: listenPort,
  /** Of the TLS listener: issued by the hub's own authority (the default), or `files`. */
  certificate: z.enum(['own-ca', 'files']),
  /** Absolute paths of PEM files on the hub's machine; null: none. */
  files: z.nullable(z.object({ certificate: file, key: file })),
  /** Where people come to the hub from outside, through a proxy; null, the default: nowhere. */
  publicUrl: z.nullable(z.url().check(z.regex(PUBLIC_URL), z.maxLength(255))),
  /** Proxies whose `X-Forwarded-*` and `Forwarded` headers count. Default none. */
  trustedProxies: z.array(range).check(z.maxLength(32)),
});
export type ReachSettings = z.infer<typeof reachSettings>;

export const defaultReach: ReachSettings = {
  network: 'off',
  port: NETWORK_PORT,
  certificate: 'own-ca',
  files: null,
  publicUrl: null,
  trustedProxies: [],
};

/** `PUT /api/v1/reach`: what is left out stays. */
export const reachChange = z.extend(z.partial(reachSettings), {
  /** Has to be true for `network: 'plain'`: anybody on the way may then read along. */
  acceptsPlain: z.optional(z.boolean()),
});
export type ReachChange = z.infer<typeof reachChange>;

/** Where links lead to. */
export const reachBase = z.object({
  /** An origin, such as "https://192.168.1.20:7443": a path follows it directly. */
  url: z.string(),
  /** `public`: the owner's own address; `network`: this machine's, on its network; `loopback`: nobody else's machine. */
  kind: z.enum(['public', 'network', 'loopback']),
  /** What the one who hands it out should know, one sentence; null: nothing. */
  warning: z.nullable(z.string()),
});
export type ReachBase = z.infer<typeof reachBase>;

/** One way to trust the authority, as a person follows it. */
export const trustGuide = z.object({
  platform: z.enum(['linux', 'macos', 'windows', 'android', 'ios', 'firefox', 'curl']),
  /** In order; a step that begins with "$ " is a command. */
  steps: z.array(z.string()),
});
export type TrustGuide = z.infer<typeof trustGuide>;

/** `GET /api/v1/reach`, and what `PUT` answers. */
export const reachAnswer = z.object({
  settings: reachSettings,
  /** Settings given by a flag, the environment or the config file: `PUT` cannot change them. */
  fixed: z.array(z.keyof(reachSettings)),
  /** The second listener, as it stands. */
  listener: z.object({
    state: z.enum(['closed', 'open', 'failed']),
    /** Null: not open. */
    port: z.nullable(z.int()),
    /** Why it failed, and what to do. */
    trouble: z.nullable(z.string()),
  }),
  base: reachBase,
  /** Every origin this machine can be called by, the best first; those of its network only while that is open. */
  origins: z.array(z.string()),
  /** What the TLS listener shows; null: there is none. */
  certificate: z.nullable(
    z.object({
      /** SHA-256 as browsers show it. */
      fingerprint: z.string(),
      /** Names and addresses it is for. */
      names: z.array(z.string()),
      /** Those this machine has besides, which it cannot be for: the authority may not vouch for them. */
      leftOut: z.array(z.string()),
      expires: z.int(),
    }),
  ),
  /** The hub's own authority; null: it was never needed. */
  authority: z.nullable(
    z.object({
      /** Where it can be downloaded, under any of `origins`. */
      path: z.string(),
      fingerprint: z.string(),
      expires: z.int(),
      trust: z.array(trustGuide),
    }),
  ),
  /** The newest request that came from another machine by the second listener; null: none since the hub started. */
  lastVisit: z.nullable(z.object({ address: z.string(), at: z.int() })),
});
export type ReachAnswer = z.infer<typeof reachAnswer>;

/** `POST /api/v1/reach/test`. */
export const reachTestRequest = z.object({
  /** The origin to try; null: where links lead to. */
  url: z._default(z.nullable(z.string().check(z.trim(), z.maxLength(2048))), null),
});

/** The steps of the test, in order; those behind one that failed are not tried. */
export const reachSteps = ['name', 'connect', 'certificate', 'host', 'identity', 'stream'] as const;

export const reachTestAnswer = z.object({
  url: z.string(),
  /** `blocked`: something stands in the way. `warned`: it works from here, but read `message`. */
  outcome: z.enum(['reachable', 'warned', 'blocked']),
  /** What stands in the way, as a word for programs: see docs/protocol.md; `reachable` where nothing does. */
  code: z.string(),
  /** ... in one sentence for people. */
  message: z.string(),
  /** What to do about it; null: nothing. */
  remedy: z.nullable(z.string()),
  steps: z.array(
    z.object({
      step: z.enum(reachSteps),
      outcome: z.enum(['passed', 'failed', 'skipped']),
      /** What was found, in a few words. */
      found: z.nullable(z.string()),
    }),
  ),
});
export type ReachTestAnswer = z.infer<typeof reachTestAnswer>;
