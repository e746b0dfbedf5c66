/** Where times fall on the ladder. */
import type { Tier } from '../ladder.ts';
import type { Span } from '../codec/bucket-block.ts';

export interface Stretch {
  /** Epoch milliseconds, the end excluded. */
  from: number;
  to: number;
}

export function spanAt({ spanMs }: Tier, time: number): number {
  return Math.floor(time / spanMs);
}

export function stretchOf({ spanMs }: Tier, span: number): Stretch {
  return { from: span * spanMs, to: (span + 1) * spanMs };
}

/** The buckets of one block. */
export function bucketsOf({ spanMs, stepMs }: Tier, span: number): Span {
  return { start: span * spanMs, stepMs, length: spanMs / stepMs };
}

/** Numbers of the spans of `tier` that the stretch touches. */
export function spansWithin(tier: Tier, { from, to }: Stretch): number[] {
  const first = spanAt(tier, from);
  return Array.from({ length: Math.max(0, Math.ceil(to / tier.spanMs) - first) }, (_, at) => first + at);
}
