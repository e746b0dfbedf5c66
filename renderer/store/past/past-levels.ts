/**
 * How the past is asked for: in buckets of one of the hub's lengths (a level), and in pieces that lie on multiples of the
 * level (a slot), so that what was asked for one window serves the next one.
 */
import { historySteps } from '../../../shared/schema/history.ts';

/** Buckets of one slot. A window of a screen is a few slots. */
export const SLOT_BUCKETS = 240;

/**
 * The shortest buckets that need no more than `points` for a span. They may be shorter than the samples are apart: then most are empty,
 * and the others tell the more exactly when their sample was.
 */
export function levelFor(spanMs: number, points: number): number {
  return historySteps.find((step) => spanMs / step <= points) ?? historySteps.at(-1)!;
}

/** Numbers of the slots that hold `from`..`to`, the end excluded. */
export function slotsOf(level: number, from: number, to: number): { first: number; last: number } {
  const length = level * SLOT_BUCKETS;
  return {
    first: Math.floor(from / length),
    last: Math.max(Math.floor(from / length), Math.ceil(to / length) - 1),
  };
}

/** Where a slot begins; the next one begins at its end. */
export function slotStart(level: number, slot: number): number {
  return slot * level * SLOT_BUCKETS;
}
