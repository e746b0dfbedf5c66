/**
 * After a reset the hub sends each host's newest lines again. This file finds how many of them the page
 * holds already, so that none is shown twice and none is left out.
 */
import type { LogLine } from '../../shared/schema/logs.ts';
import { isSameLine } from './log-row.ts';

/**
 * The lines of `sent` that are not in `held`, in order; null where the two have nothing in common, so that lines may be
 * missing between them. Both of one host. Lines that came late stand in no fixed place: they are looked for one by one.
 */
export function linesNotHeld(held: readonly LogLine[], sent: readonly LogLine[]): LogLine[] | null {
  const inOrder = held.filter(({ late }) => !late);
  const sentInOrder = sent.filter(({ late }) => !late);
  const known = overlapLength(inOrder, sentInOrder);
  if (known === 0 && inOrder.length > 0 && sentInOrder.length > 0) return null;
  const heldLate = held.filter(({ late }) => late);
  let index = 0;
  return sent.filter((line) => {
    if (!line.late) return index++ >= known;
    const at = heldLate.findIndex((each) => isSameLine(each, line));
    if (at >= 0) heldLate.splice(at, 1);
    return at < 0;
  });
}

/**
 * The length of the longest end of `held` that is also the beginning of `sent`. Both in order, of one
 * host. Quadratic at worst; a snapshot carries a few hundred lines per host.
 */
function overlapLength(held: readonly LogLine[], sent: readonly LogLine[]): number {
  for (let length = Math.min(held.length, sent.length); length > 0; length--) {
    if (isOverlap(held, sent, length)) return length;
  }
  return 0;
}

function isOverlap(held: readonly LogLine[], sent: readonly LogLine[], length: number): boolean {
  const start = held.length - length;
  for (let index = 0; index < length; index++) {
    if (!isSameLine(held[start + index]!, sent[index]!)) return false;
  }
  return true;
}
