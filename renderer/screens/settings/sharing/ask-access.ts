/** What the owner's page asks of the hub about who else has a way in: operator tokens and sessions. */
import { paths } from '../../../../shared/protocol.ts';
import {
  sessionsAnswer,
  tokenAnswer,
  tokensAnswer,
  type SessionEntry,
  type TokenAnswer,
  type TokenEntry,
  type TokenRequest,
} from '../../../../shared/schema/access.ts';
import { askHub, type HubAnswer } from '../../../app/ask-hub.ts';

export function listTokens(signal: AbortSignal): Promise<HubAnswer<{ tokens: TokenEntry[] }>> {
  return askHub(paths.tokens, tokensAnswer, { signal });
}

export function makeToken(request: TokenRequest): Promise<HubAnswer<TokenAnswer>> {
  return askHub(paths.tokens, tokenAnswer, { method: 'POST', body: request });
}

export function revokeToken(id: string): Promise<HubAnswer<unknown>> {
  return askHub(`${paths.tokens}/${id}`, null, { method: 'DELETE' });
}

export function listSessions(signal: AbortSignal): Promise<HubAnswer<{ sessions: SessionEntry[] }>> {
  return askHub(paths.sessions, sessionsAnswer, { signal });
}

export function endSession(id: string): Promise<HubAnswer<unknown>> {
  return askHub(`${paths.sessions}/${id}`, null, { method: 'DELETE' });
}
