/**
 * The one-time ticket in the address that `watchline` prints (`/#ticket=...`): taken out of the address
 * at once, so that it never stays in the history, and swapped for a session cookie.
 */
import { paths } from '../../shared/protocol.ts';
import type { SessionRequest } from '../../shared/schema/access.ts';
import { problem } from '../../shared/snapshot.ts';

/** What became of a ticket. `refused` carries the hub's own sentence. */
export type TicketOutcome =
  { kind: 'accepted' } | { kind: 'refused'; code: string; message: string } | { kind: 'unreachable' };

/** The ticket in the address, if there is one; the address is cleaned whether or not it is any good. */
export function takeTicket(page: { location: Location; history: History }): string | null {
  const { location, history } = page;
  const ticket = new URLSearchParams(location.hash.slice(1)).get('ticket');
  if (ticket === null) return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  return ticket;
}

/** `base`: origin of the hub, '' for the page's own. Gives up after ten seconds. */
export async function swapTicket(ticket: string, base = ''): Promise<TicketOutcome> {
  try {
    const answer = await fetch(base + paths.session, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ticket } satisfies SessionRequest),
      credentials: 'same-origin',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(10_000),
    });
    if (answer.ok) return { kind: 'accepted' };
    const body = problem.safeParse(await answer.json().catch(() => null));
    return body.success
      ? { kind: 'refused', code: body.data.error.code, message: body.data.error.message }
      : { kind: 'refused', code: `http-${answer.status}`, message: '' };
  } catch {
    return { kind: 'unreachable' };
  }
}
