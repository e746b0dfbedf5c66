/** Both sides of a share: the owner who makes links, and the viewers who open them. */
import type { RunningHub } from '../../hub/start-hub.ts';
import { shareHeader } from '../../shared/share-terms.ts';
import { shareAnswer, type ShareAnswer, type ShareRequest } from '../../shared/schema/shares.ts';
import { askAsOwner } from './agent-client.ts';

type Hub = Pick<RunningHub, 'origin' | 'ownerToken'>;
/** A scope of which all but the named is as the hub has it by default. */
type Wishes = Omit<Partial<ShareRequest>, 'scope'> & { scope?: Partial<NonNullable<ShareRequest['scope']>> };

export async function makeShare(hub: Hub, wishes: Wishes = {}): Promise<ShareAnswer> {
  const response = await askAsOwner(hub, 'POST', '/api/v1/shares', { label: 'Friday', ...wishes });
  if (response.status !== 201) throw new Error(`No share was made: ${await response.text()}`);
  return shareAnswer.parse(await response.json());
}

/** What the page does with a link. */
export function askToEnter(
  hub: Hub,
  link: string,
  name: string | null = null,
  headers: Record<string, string> = {},
): Promise<Response> {
  const { pathname, hash } = new URL(link);
  return fetch(`${hub.origin}${pathname}/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ secret: hash.slice(1), name }),
  });
}

export interface Guest {
  share: string;
  /** For each request: the cookie, and which share is meant. */
  headers: Record<string, string>;
  ask(method: string, path: string, body?: unknown): Promise<Response>;
}

/** Opens a link. Throws where the hub refuses. */
export async function enterShare(hub: Hub, link: string, name: string | null = null): Promise<Guest> {
  const response = await askToEnter(hub, link, name);
  const cookie = response.headers.get('set-cookie')?.split(';', 1)[0];
  if (response.status !== 204 || cookie === undefined)
    throw new Error(`The link was refused: ${response.status} ${await response.text()}`);
  const share = new URL(link).pathname.split('/').at(-1)!;
  const headers = { cookie, [shareHeader]: share };
  return {
    share,
    headers,
    ask: (method, path, body) =>
      fetch(hub.origin + path, {
        method,
        headers: { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
  };
}
