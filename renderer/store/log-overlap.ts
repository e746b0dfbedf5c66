/**
 * After a reset the hub sends each host's newest lines again. This file finds how many of them the page
 * holds already, so that none is shown twice and none is left out.
 */
import type { LogLine } from '../../shared/schema/logs.ts';
import { isSameLine } from './log-row.ts';

/**
 * The length of the longest end of `held` that is also the beginning of `sent`. Both in order, of one
 * host. Quadratic at worst; a snapshot carries a few hundred lines per host.
 */
export function overlapLength(held: readonly LogLine[], sent: readonly LogLine[]): number {
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
