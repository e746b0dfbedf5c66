/** Callers of every kind, made as a person would make them. */
import {
  ticketAnswer,
  tokenAnswer,
  type OperatorScope,
  type TicketAnswer,
  type TokenAnswer,
} from '../../shared/schema/access.ts';
import { askAsOwner } from './agent-client.ts';
import type { TestHub } from './start-test-hub.ts';
import { strict } from './strict.ts';

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** Opens a launch address. Returns the cookie, as a request carries it. */
export async function logIn(hub: TestHub, userAgent = 'test'): Promise<string> {
  const response = await fetch(`${hub.origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'User-Agent': userAgent },
    body: JSON.stringify({ ticket: hub.launchUrl().split('#ticket=')[1] }),
  });
  return response.headers.get('set-cookie')!.split(';', 1)[0]!;
}

/** An operator token. `more`: what else the request says. */
export async function makeToken(
  hub: TestHub,
  scopes: readonly OperatorScope[],
  more: { name?: string; expiresInSeconds?: number } = {},
): Promise<TokenAnswer> {
  const response = await askAsOwner(hub, 'POST', '/api/v1/tokens', { name: 'a script', scopes, ...more });
  return tokenAnswer.parse(await response.json());
}

/** A ticket for one stream; `token`: whose, by default the owner's. */
export async function ticketOf(hub: TestHub, token = hub.ownerToken): Promise<TicketAnswer> {
  const response = await fetch(`${hub.origin}/api/v1/tickets`, { method: 'POST', headers: bearer(token) });
  return strict(ticketAnswer).parse(await response.json());
}
