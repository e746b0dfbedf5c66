/** The answers of the door to those it does not let in. */
import { uplinkProblems } from '../../shared/schema/uplink.ts';
import { ProblemError } from '../http/problem.ts';
import type { BadTokenLimiter } from './bad-token-limiter.ts';
import type { Access, Caller } from './caller.ts';

interface Words {
  code: string;
  remedy: string;
}

const ownersWords: Words = {
  code: 'unauthorised',
  remedy:
    'Open the address the hub printed when it started, or send its token as "Authorization: Bearer ...".',
};

export function unauthorised(message: string, { code, remedy } = ownersWords): ProblemError {
  return new ProblemError(401, code, message, { remedy, headers: { 'WWW-Authenticate': 'Bearer' } });
}

/** Counts a wrong token or ticket, and gives the answer it deserves. */
export function badToken(
  door: { badTokens: BadTokenLimiter },
  address: string,
  message: string,
  words: Words = ownersWords,
): ProblemError {
  const remedy = 'then use the address or token that the hub printed when it started.';
  return countBad(door.badTokens, address, remedy) ?? unauthorised(message, words);
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

/** Not counted as a bad token: the agent is told apart from somebody who guesses, and asks once an hour. */
export function agentRevoked(host: string): ProblemError {
  return new ProblemError(
    403,
    uplinkProblems.revoked,
    `The owner of this hub has revoked this agent (${host}).`,
    {
      remedy: 'Pair it anew with a line from "Add a server" on the dashboard, or remove it from its machine.',
    },
  );
}

/** Nor this one: it was right once. */
export function tokenExpired(name: string): ProblemError {
  return new ProblemError(403, 'token-expired', `The token ${JSON.stringify(name)} has expired.`, {
    remedy: 'Make a new one in Settings > Sharing of the dashboard.',
  });
}

export function foreignPage(): ProblemError {
  return new ProblemError(403, 'foreign-page', 'A page of another origin may not use this hub.', {
    remedy: "Open the hub's own page, or use a bearer token from a program.",
  });
}

/** The caller is known, and the route is for others. */
export function notForCaller(caller: Caller, access: Exclude<Access, 'public'>): ProblemError {
  if (caller.role === 'agent') return agentElsewhere();
  if (access === 'agent') return notAnAgent();
  if (caller.role === 'viewer') return readOnly();
  if (access === 'owner') return ownerOnly();
  return new ProblemError(
    403,
    'missing-scope',
    `This token may not do that: it lacks the scope "${access}".`,
    {
      remedy: 'Make a token with this scope in Settings > Sharing of the dashboard.',
    },
  );
}

/** The caller sees a part of the hub, and the answer is about all of it. */
export function seesPartOnly(): ProblemError {
  return new ProblemError(
    403,
    'not-shared',
    'This answer is about the whole hub, of which only a part is shared.',
    {
      remedy: 'Read the stream or GET /api/v1/hosts: they show what is shared.',
    },
  );
}

function agentElsewhere(): ProblemError {
  return new ProblemError(403, 'owner-only', 'The token of an agent opens nothing here: it may only send.', {
    remedy: "Use the hub's own token, or open the address the hub printed when it started.",
  });
}

function notAnAgent(): ProblemError {
  return new ProblemError(403, 'agents-only', 'Only agents may send here, each with its own token.', {
    remedy:
      'Pair an agent: "Add a server" on the dashboard, or "watchline invite", prints the line to paste.',
  });
}

function readOnly(): ProblemError {
  return new ProblemError(403, 'read-only', 'A share is for watching: it changes nothing.', {
    remedy: 'Ask whoever shared this to do it.',
  });
}

function ownerOnly(): ProblemError {
  return new ProblemError(403, 'owner-only', 'Only the owner of this hub may do that.', {
    remedy: "Use the hub's own token, or open the address the hub printed when it started.",
  });
}
