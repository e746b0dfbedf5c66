/** Rolling up: when a span of a tier is over, and the tier below it has all of it, its buckets are made from there. */
import { HostBlocks, type HostBlocksOptions } from './host-blocks.ts';
import { SpanBuckets } from './span-buckets.ts';
import { spanAt, spansWithin, stretchOf } from './spans.ts';

/** Every tier but the finest, as far as the one below it has come. */
export function rollUp(parts: HostBlocksOptions): void {
  const { file, ladder } = parts;
  for (let tier = 1; tier < ladder.length; tier++) {
    for (;;) {
      const { kept, sealed } = file.marksOf(tier)!;
      const { to } = stretchOf(ladder[tier]!, spanAt(ladder[tier]!, sealed));
      if (to > file.marksOf(tier - 1)!.sealed) break;
      rollUpSpan(parts, tier, spanAt(ladder[tier]!, sealed));
      file.mark(tier, { kept, sealed: to });
    }
  }
}

/** Killed in between, it is done again, and comes to the same. */
function rollUpSpan(parts: HostBlocksOptions, tier: number, span: number): void {
  const { file, ladder } = parts;
  const stretch = stretchOf(ladder[tier]!, span);
  const below = spansWithin(ladder[tier - 1]!, stretch);
  const hosts = new Set(below.flatMap((part) => file.hostsIn(tier - 1, part)));
  for (const host of hosts) {
    const blocks = new HostBlocks(host, parts);
    const buckets = new SpanBuckets(ladder, tier, span);
    buckets.addTierBelow(blocks, stretch);
    file.transaction(() => {
      buckets.write(blocks);
      if (tier === ladder.length - 1) blocks.see(buckets.keys, stretch.to);
    });
  }
}
