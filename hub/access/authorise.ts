/** The one place that decides whether a request may pass: stream, REST and everything later ask here. */
import { parseCookie } from 'cookie';
import { uplinkProblems } from '../../shared/schema/uplink.ts';
import type { Agents } from '../agents/agents.ts';
import { ProblemError } from '../http/problem.ts';
import type { BadTokenLimiter } from './bad-token-limiter.ts';
import { hashesEqual, hashOf } from './secret.ts';
import type { Sessions } from './sessions.ts';

/**
 * `public`: no token; `owner`: the hub's token or a session of its owner; `agent`: the token of a paired agent, and no other.
 * Every route names one.
 */
export type Access = 'public' | 'owner' | 'agent';

/** `credential` names the token or session without revealing it; limits count by it. */
export interface OwnerCaller {
  role: 'owner';
  credential: string;
}

export interface AgentCaller {
  role: 'agent';
  credential: string;
  /** Id of the one host it may speak for. */
  host: string;
}

export type Caller = OwnerCaller | AgentCaller;

/** What of a request is looked at. */
export interface Credentials {
  authorization: string | undefined;
  cookie: string | undefined;
  origin: string | undefined;
  secFetchSite: string | undefined;
  host: string | undefined;
  address: string;
}

export interface Door {
  ownerTokenHash: string;
  cookieName: string;
  /** True on a TLS port: its cookies never travel without. */
  isSecure: boolean;
  sessions: Sessions;
  agents: Pick<Agents, 'find'>;
  badTokens: BadTokenLimiter;
}

/**
 * Returns null for `public`. Throws a `ProblemError`: 401 without or with a wrong token, 403 from a foreign page, with a token
 * that was revoked, or with one that opens other routes, 429 after too many wrong tokens. An `Authorization` header is looked
 * at alone: no cookie stands in.
 */
export function authorise(door: Door, access: Access, credentials: Credentials): Caller | null {
  if (access === 'public') return null;
  const caller =
    credentials.authorization === undefined
      ? callerOfCookie(door, credentials)
      : callerOfBearer(door, credentials);
  if (caller.role === access) return caller;
  throw access === 'agent' ? ownerAtAgentsDoor() : agentAtOwnersDoor();
}

function callerOfCookie(door: Door, credentials: Credentials): Caller {
  const secret = parseCookie(credentials.cookie ?? '')[door.cookieName];
  if (secret === undefined)
    throw unauthorised('This address needs a token or a session, and the request has none.');
  refuseForeignPage(credentials);
  const session = door.sessions.find(secret);
  if (session === null)
    throw badToken(door, credentials.address, 'The session is not known here or has ended.');
  return { role: 'owner', credential: `session:${session}` };
}

function callerOfBearer(door: Door, { authorization, address }: Credentials): Caller {
  const token = /^Bearer +([A-Za-z0-9._~+/=-]{1,512})$/i.exec(authorization!)?.[1];
  if (token === undefined) throw badToken(door, address, 'The token is not valid here.');
  const hash = hashOf(token);
  if (hashesEqual(hash, door.ownerTokenHash)) return { role: 'owner', credential: 'owner' };
  const agent = door.agents.find(hash);
  if (agent === null) throw badToken(door, address, 'The token is not valid here.');
  if (agent.isRevoked) throw revoked(agent.host);
  return { role: 'agent', credential: `agent:${agent.host}`, host: agent.host };
}

/**
 * A cookie travels with whatever page makes the request. `SameSite=Strict` takes other ports of this machine
 * for the same site, so the browser's own word is asked too: only this hub's pages may use its cookie.
 */
export function refuseForeignPage({ origin, secFetchSite, host }: Credentials): void {
  const isForeignSite =
    secFetchSite !== undefined && secFetchSite !== 'same-origin' && secFetchSite !== 'none';
  const isForeignOrigin = origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`;
  if (!isForeignSite && !isForeignOrigin) return;
  throw new ProblemError(403, 'foreign-page', 'A page of another origin may not use this hub.', {
    remedy: "Open the hub's own page, or use a bearer token from a program.",
  });
}

/** Counts a wrong token or ticket, and gives the answer it deserves. */
export function badToken(door: Pick<Door, 'badTokens'>, address: string, message: string): ProblemError {
  const remedy = 'then use the address or token that the hub printed when it started.';
  return countBad(door.badTokens, address, remedy) ?? unauthorised(message);
}

/** Counts a wrong secret of any kind. Returns the 429 where the address has sent too many; `then` completes "Wait 20 seconds, ...". */
export function countBad(badTokens: BadTokenLimiter, address: string, then: string): ProblemError | null {
  const waitSeconds = badTokens.countBad(address);
  if (waitSeconds === null) return null;
  return new ProblemError(
    429,
    'too-many-bad-tokens',
    'This address has sent too many wrong tokens or codes.',
    {
      remedy: `Wait ${waitSeconds} seconds, ${then}`,
      isRetryable: true,
      headers: { 'Retry-After': String(waitSeconds) },
    },
  );
}

function unauthorised(message: string): ProblemError {
  return new ProblemError(401, 'unauthorised', message, {
    remedy:
      'Open the address the hub printed when it started, or send its token as "Authorization: Bearer ...".',
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
}

/** Not counted as a bad token: the agent is told apart from somebody who guesses, and asks once an hour. */
function revoked(host: string): ProblemError {
  return new ProblemError(
    403,
    uplinkProblems.revoked,
    `The owner of this hub has revoked this agent (${host}).`,
    {
      remedy: 'Pair it anew with a line from "Add a server" on the dashboard, or remove it from its machine.',
    },
  );
}

function agentAtOwnersDoor(): ProblemError {
  return new ProblemError(403, 'owner-only', 'The token of an agent opens nothing here: it may only send.', {
    remedy: "Use the hub's own token, or open the address the hub printed when it started.",
  });
}

function ownerAtAgentsDoor(): ProblemError {
  return new ProblemError(403, 'agents-only', 'Only agents may send here, each with its own token.', {
    remedy:
      'Pair an agent: "Add a server" on the dashboard, or "watchline invite", prints the line to paste.',
  });
}
