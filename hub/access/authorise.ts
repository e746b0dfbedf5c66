/** The one place that decides who may pass: stream, poll and REST ask here; what they may see then is their `Sight`. */
import { parseCookie } from 'cookie';
import { shareProblems, shareTokenPattern } from '../../shared/share-terms.ts';
import { operatorScopes, type OperatorScope } from '../../shared/schema/access.ts';
import type { Agents } from '../agents/agents.ts';
import type { BadTokenLimiter } from './bad-token-limiter.ts';
import type { Access, Caller, Shows, ViewerCaller } from './caller.ts';
import { sessionCookie, shareCookie } from './cookie-names.ts';
import {
  agentRevoked,
  badToken,
  foreignPage,
  notForCaller,
  seesPartOnly,
  tokenExpired,
  unauthorised,
} from './door-problems.ts';
import type { OperatorTokens } from './operator-tokens.ts';
import { hashesEqual, hashOf } from './secret.ts';
import type { Sessions } from './sessions.ts';
import type { ShareDoor, Visitor } from './share-door.ts';
import { everything, nothing, wholeHub } from './sight.ts';
import type { StreamTickets } from './stream-tickets.ts';

/** What of a request is looked at. */
export interface Credentials {
  authorization: string | undefined;
  cookie: string | undefined;
  /** Id of the share whose cookie counts; null: the owner's counts. */
  share: string | null;
  /** A ticket of the query; null where there is none, or the route takes none. */
  ticket: string | null;
  origin: string | undefined;
  secFetchSite: string | undefined;
  host: string | undefined;
  address: string;
  /** Of the listener it came in by: cookies have it in their names. */
  port: number;
}

export interface Door {
  ownerTokenHash: string;
  sessions: Sessions;
  agents: Pick<Agents, 'find'>;
  operators: Pick<OperatorTokens, 'find'>;
  shares: ShareDoor;
  streamTickets: Pick<StreamTickets, 'redeem'>;
  badTokens: BadTokenLimiter;
}

/** What a route says of itself. */
export interface RouteAccess {
  access: Access;
  shows: Shows;
}

/**
 * Returns null for `public`. Throws a `ProblemError`: 401 without or with a wrong token, 403 from a foreign page, with a token
 * that was revoked, and with one that opens other routes, 429 after too many wrong tokens. An `Authorization` header is looked
 * at alone, and so is a ticket: no cookie stands in.
 */
export function authorise(
  door: Door,
  { access, shows }: RouteAccess,
  credentials: Credentials,
): Caller | null {
  if (access === 'public') return null;
  const caller = callerOf(door, credentials);
  if (!mayPass(caller, access)) throw notForCaller(caller, access);
  // Who may manage or own the hub is told of it what that takes.
  if (access === 'read' && shows === 'hub' && seesPart(caller)) throw seesPartOnly();
  return caller;
}

function seesPart(caller: Caller): boolean {
  return caller.role !== 'agent' && caller.sight.extent === 'part';
}

function callerOf(door: Door, credentials: Credentials): Caller {
  if (credentials.authorization !== undefined) return callerOfBearer(door, credentials);
  if (credentials.ticket !== null) return callerOfTicket(door, credentials.ticket, credentials.address);
  if (credentials.share !== null) return callerOfShareCookie(door, credentials.share, credentials);
  return callerOfCookie(door, credentials);
}

function mayPass(caller: Caller, access: Exclude<Access, 'public'>): boolean {
  if (caller.role === 'agent' || access === 'agent') return caller.role === access;
  if (caller.role === 'owner') return true;
  if (access === 'owner') return false;
  return caller.role === 'operator' ? caller.scopes.includes(access) : access === 'read';
}

function callerOfCookie(door: Door, credentials: Credentials): Caller {
  const secret = parseCookie(credentials.cookie ?? '')[sessionCookie(credentials.port)];
  if (secret === undefined)
    throw unauthorised('This address needs a token or a session, and the request has none.');
  refuseForeignPage(credentials);
  const session = door.sessions.find(secret);
  if (session === null || session.share !== null)
    throw badToken(door, credentials.address, 'The session is not known here or has ended.');
  door.sessions.touch(session, credentials.address);
  return { role: 'owner', credential: `session:${session.id}`, sight: everything };
}

/** Which share is meant the page says, because a browser may have sessions of several beside the owner's. */
function callerOfShareCookie(door: Door, share: string, credentials: Credentials): ViewerCaller {
  const noSession = { code: shareProblems.noSession, remedy: 'Open the link of the share again.' };
  const secret = parseCookie(credentials.cookie ?? '')[shareCookie(share, credentials.port)];
  if (secret === undefined) throw unauthorised('This browser has no session of this share.', noSession);
  refuseForeignPage(credentials);
  const session = door.sessions.find(secret);
  if (session?.share !== share)
    throw badToken(door, credentials.address, 'The session of this share has ended.', noSession);
  door.sessions.touch(session, credentials.address);
  return viewerOf(door, share, { session, address: credentials.address });
}

function callerOfTicket(door: Door, ticket: string, address: string): Caller {
  const caller = door.streamTickets.redeem(ticket);
  if (caller === null)
    throw badToken(door, address, 'This ticket was used before, or is older than a minute.');
  return caller;
}

function callerOfBearer(door: Door, { authorization, address }: Credentials): Caller {
  const token = /^Bearer +([A-Za-z0-9._~+/=-]{1,512})$/i.exec(authorization!)?.[1];
  if (token === undefined) throw badToken(door, address, 'The token is not valid here.');
  const hash = hashOf(token);
  if (hashesEqual(hash, door.ownerTokenHash))
    return { role: 'owner', credential: 'owner', sight: everything };
  const [, share, secret] = shareTokenPattern.exec(token) ?? [];
  if (share !== undefined && door.shares.isSecretOf(share, hashOf(secret!)))
    return viewerOf(door, share, { session: null, address });
  return callerOfOperator(door, hash, address) ?? callerOfAgent(door, hash, address);
}

/** Throws what the share's state deserves where it is not open. */
function viewerOf(door: Door, share: string, visitor: Visitor): ViewerCaller {
  const grant = door.shares.grantOf(share);
  if (grant === null) {
    throw unauthorised('This share is not known here.', {
      code: shareProblems.wrongLink,
      remedy: 'Ask whoever sent it for a new link.',
    });
  }
  door.shares.admit(share, visitor);
  const session = visitor.session?.id ?? null;
  const credential = session === null ? `share:${share}` : `share:${share}:${session}`;
  return { role: 'viewer', credential, share, session, told: grant.told, sight: grant.sight };
}

function callerOfOperator(door: Door, hash: string, address: string): Caller | null {
  const token = door.operators.find(hash, address);
  if (token === null) return null;
  if (token.expiresAt !== null && Date.now() >= token.expiresAt) throw tokenExpired(token.name);
  const sight = token.scopes.includes('read') ? wholeHub(token.expiresAt) : nothing;
  return { role: 'operator', credential: `token:${token.id}`, name: token.name, scopes: token.scopes, sight };
}

function callerOfAgent(door: Door, hash: string, address: string): Caller {
  const agent = door.agents.find(hash);
  if (agent === null) throw badToken(door, address, 'The token is not valid here.');
  if (agent.isRevoked) throw agentRevoked(agent.host);
  return { role: 'agent', credential: `agent:${agent.host}`, host: agent.host };
}

/**
 * A cookie travels with whatever page makes the request. `SameSite=Strict` takes other ports of this machine
 * for the same site, so the browser's own word is asked too: only this hub's pages may use its cookie.
 */
export function refuseForeignPage({
  origin,
  secFetchSite,
  host,
}: Pick<Credentials, 'origin' | 'secFetchSite' | 'host'>): void {
  const isForeignSite =
    secFetchSite !== undefined && secFetchSite !== 'same-origin' && secFetchSite !== 'none';
  const isForeignOrigin = origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`;
  if (isForeignSite || isForeignOrigin) throw foreignPage();
}

/** What a caller may do, as scopes: all of them for the owner. */
export function scopesOf(caller: Caller): OperatorScope[] {
  return operatorScopes.filter((scope) => mayPass(caller, scope));
}
