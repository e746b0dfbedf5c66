/** What the owner's page asks of the hub about share links. */
import { paths } from '../../shared/protocol.ts';
import { ticketAnswer, type TicketAnswer } from '../../shared/schema/access.ts';
import {
  previewAnswer,
  share,
  shareAnswer,
  sharesAnswer,
  type PreviewAnswer,
  type Share,
  type ShareAnswer,
  type ShareChange,
  type ShareRequest,
  type SharesAnswer,
} from '../../shared/schema/shares.ts';
import { askHub, type HubAnswer } from '../app/ask-hub.ts';

export function listShares(signal: AbortSignal): Promise<HubAnswer<SharesAnswer>> {
  return askHub(paths.shares, sharesAnswer, { signal });
}

export function makeShare(request: ShareRequest): Promise<HubAnswer<ShareAnswer>> {
  return askHub(paths.shares, shareAnswer, { method: 'POST', body: request });
}

export function changeShare(id: string, change: ShareChange): Promise<HubAnswer<Share>> {
  return askHub(`${paths.shares}/${id}`, share, { method: 'PATCH', body: change });
}

export function revokeShare(id: string): Promise<HubAnswer<unknown>> {
  return askHub(`${paths.shares}/${id}`, null, { method: 'DELETE' });
}

export function revokeAllShares(): Promise<HubAnswer<unknown>> {
  return askHub(paths.shares, null, { method: 'DELETE' });
}

/** A link that shows the owner what viewers see, for five minutes. */
export function previewShare(id: string): Promise<HubAnswer<PreviewAnswer>> {
  return askHub(`${paths.shares}/${id}/preview`, previewAnswer, { method: 'POST' });
}

/** A ticket that sees what the share sees. `token`: that of the share, which the answer to its making held. */
export function makeTicket(token: string): Promise<HubAnswer<TicketAnswer>> {
  return askHub(paths.tickets, ticketAnswer, { method: 'POST', token });
}
