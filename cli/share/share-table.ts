/** Share links as a table of text. */
import type { Share } from '../../shared/schema/shares.ts';
import { visibleText } from '../../shared/visible-text.ts';
import { spanOf, textTable } from '../text-table.ts';

const heads = ['LABEL', 'ID', 'STATE', 'VIEWERS', 'ENDS', 'LAST SEEN', 'SHOWS'];

/** `now` in epoch milliseconds. */
export function shareTable(shares: readonly Share[], now: number): string {
  return textTable(
    heads,
    shares.map((share) => cellsOf(share, now)),
  );
}

function cellsOf(share: Share, now: number): string[] {
  const { scope, expiresAt, lastSeenAt, maxViewers } = share;
  const isOver = share.state === 'expired' || share.state === 'revoked';
  const ends = expiresAt === null ? 'when revoked' : `in ${spanOf(expiresAt - now)}`;
  return [
    visibleText(share.label),
    share.id,
    share.state,
    maxViewers === null ? String(share.viewers) : `${share.viewers} of ${maxViewers}`,
    isOver ? '-' : ends,
    lastSeenAt === null ? 'never' : `${spanOf(now - lastSeenAt)} ago`,
    visibleText([hostsOf(scope), ...scope.channels].join(', ')),
  ];
}

function hostsOf({ hosts, groups }: Share['scope']): string {
  if (hosts === null && groups === null) return 'all hosts';
  return [...(hosts ?? []), ...(groups ?? []).map((group) => `group ${group}`)].join(', ');
}
