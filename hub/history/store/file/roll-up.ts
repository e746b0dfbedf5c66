/** Rolling up: when a span of a tier is over, and the tier below it has all of it, its buckets are made from there. */
import type { Tier } from '../ladder.ts';
import { HostBlocks } from './host-blocks.ts';
import type { HistoryFile } from './history-file.ts';
import { SpanBuckets } from './span-buckets.ts';
import { spanAt, spansWithin, stretchOf } from './spans.ts';

/** Every tier but the finest, as far as the one below it has come. */
export function rollUp(file: HistoryFile, ladder: readonly Tier[]): void {
  for (let tier = 1; tier < ladder.length; tier++) {
    for (;;) {
      const { kept, sealed } = file.marksOf(tier)!;
      const { to } = stretchOf(ladder[tier]!, spanAt(ladder[tier]!, sealed));
      if (to > file.marksOf(tier - 1)!.sealed) break;
      rollUpSpan(file, ladder, tier, spanAt(ladder[tier]!, sealed));
      file.mark(tier, { kept, sealed: to });
    }
  }
}

/** Killed in between, it is done again, and comes to the same. */
function rollUpSpan(file: HistoryFile, ladder: readonly Tier[], tier: number, span: number): void {
  const stretch = stretchOf(ladder[tier]!, span);
  const below = spansWithin(ladder[tier - 1]!, stretch);
  const hosts = new Set(below.flatMap((part) => file.hostsIn(tier - 1, part)));
  for (const host of hosts) {
    const blocks = new HostBlocks(file, ladder, host);
    const buckets = new SpanBuckets(ladder, tier, span);
    buckets.addTierBelow(blocks, stretch);
    file.transaction(() => {
      buckets.write(blocks);
      if (tier === ladder.length - 1) blocks.see(buckets.keys, stretch.to);
    });
  }
}
