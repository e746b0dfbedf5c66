/** Reads what stands at the hub's address: the answer that was asked for, the hub's own problem, or somebody else's words. */
import { problem, type Problem } from '../../shared/snapshot.ts';
import { uplinkProblems } from '../../shared/schema/uplink.ts';
import type { HubAnswer } from './hub-connection.ts';
import { UplinkError, type TryAgain } from './uplink-error.ts';

/** Asked for longer than this, a pause is cut: whoever answers so may not be the hub. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/** Code of the error for a batch to be sent in smaller pieces. */
export const TOO_LARGE = 'batch-too-large';

/** What of a schema is used here. */
interface Schema<Value> {
  safeParse(value: unknown): { success: true; data: Value } | { success: false };
}

/** Throws an `UplinkError` for everything but a 200 that fits the schema. */
export function readAnswer<Value>(answer: HubAnswer, schema: Schema<Value>, url: URL): Value {
  if (answer.status >= 300 && answer.status < 400) throw redirected(answer, url);
  if (answer.status === 413) throw tooLarge(url);
  const value = answer.contentType === 'application/json' ? parse(answer.body) : undefined;
  if (answer.status === 200) {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw foreign(answer, url);
  }
  const said = problem.safeParse(value);
  if (said.success) throw refused(said.data.error, answer, url);
  throw foreign(answer, url);
}

/** What an agent does about the problems it knows; the others it takes for passing. */
const pauses: Record<string, TryAgain> = {
  [uplinkProblems.revoked]: 'hourly',
  unauthorised: 'hourly',
  [uplinkProblems.cloned]: 'minutes',
  [uplinkProblems.incompatible]: 'minutes',
  'not-found': 'minutes',
  'host-not-allowed': 'minutes',
};

function refused(said: Problem['error'], answer: HubAnswer, url: URL): UplinkError {
  const { code, message, remedy } = said;
  const own = ownWords[code];
  return new UplinkError(code, own?.message(url) ?? `${url.host}: ${message}`, {
    remedy: own?.remedy ?? remedy ?? 'Look at the hub.',
    tryAgain: pauses[code] ?? 'soon',
    retryAfterMs: retryAfterOf(answer),
  });
}

/** Where the hub's words are about tokens in general, and a person at an agent needs others. */
const ownWords: Record<string, { message: (url: URL) => string; remedy: string }> = {
  unauthorised: {
    message: (url) => `The hub at ${url.host} does not know this agent (any more).`,
    remedy: 'Pair it again: make a line under "Add a server" on the dashboard, and run it here.',
  },
  'too-many-bad-tokens': {
    message: (url) => `The hub at ${url.host} has had too many wrong tokens or codes from this address.`,
    remedy: 'Wait a minute, then try again.',
  },
  'not-found': {
    message: (url) => `What answers at ${url.host} is a hub that takes no agents.`,
    remedy: 'Bring the hub to the version of this agent.',
  },
};

/** Whoever says so: the hub, or a proxy before it that has a limit of its own. */
function tooLarge(url: URL): UplinkError {
  return new UplinkError(TOO_LARGE, `${url.host} finds a batch too large.`, {
    remedy: 'Half of it is sent next.',
  });
}

function redirected({ status, location }: HubAnswer, url: URL): UplinkError {
  const where = location === null ? 'elsewhere' : `to ${originOf(location, url)}`;
  return new UplinkError(
    'redirected',
    `${url.host} redirects ${where} (${status}); it is not followed, because a token goes to its own hub alone.`,
    {
      remedy: 'A captive portal, or a proxy, is in between: sign in to the network, or correct --hub.',
    },
  );
}

/** A place's origin: the rest of it is of no use, and may be long. */
function originOf(location: string, url: URL): string {
  return URL.parse(location, url.href)?.origin.slice(0, 255) ?? 'an address that is none';
}

function foreign({ status, contentType }: HubAnswer, url: URL): UplinkError {
  const what =
    contentType === 'text/html' ? 'a web page' : contentType.slice(0, 64) || 'nothing it says the type of';
  if ([502, 503, 504].includes(status)) {
    return new UplinkError(
      'not-a-hub',
      `A proxy answers for ${url.host} (${status}): the hub behind it does not.`,
      {
        remedy: 'Start the hub, or wait until it is up again.',
      },
    );
  }
  return new UplinkError(
    'not-a-hub',
    `${url.host} answers with ${what} (${status}), not as a hub: nothing was handed over.`,
    {
      remedy: 'Correct --hub; or sign in to the network, where a captive portal is in between.',
    },
  );
}

/** Delay in seconds, or a date (RFC 9110, 10.2.3). */
function retryAfterOf({ retryAfter }: HubAnswer): number | null {
  if (retryAfter === null) return null;
  const ms = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(ms) ? Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms)) : null;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
