/**
 * Sealing: what was staged of spans that are over becomes blocks, and what came late for spans that were sealed long ago is worked into them, tier
 * by tier.
 */
import { joinTables, packTables, unpackTables } from '../codec/process-block.ts';
import { unpackRows } from '../codec/row-blocks.ts';
import { joinRows } from '../codec/rows.ts';
import type { Tier } from '../ladder.ts';
import { HostBlocks, type HostBlocksOptions } from './host-blocks.ts';
import { PROCESSES, TIMES } from './tables.ts';
import { SpanBuckets } from './span-buckets.ts';
import { spanAt, stretchOf, type Stretch } from './spans.ts';

/** Seals every span of the finest tier that ended before `now`, in epoch milliseconds. */
export function sealRows(parts: HostBlocksOptions, now: number): void {
  const { file, ladder } = parts;
  const current = spanAt(ladder[0]!, now);
  const staged = Map.groupBy(file.stagedBefore('rows', current), ({ host }) => host);
  for (const [host, spans] of staged) {
    file.transaction(() =>
      sealHost(
        parts,
        host,
        spans.map(({ span }) => span),
      ),
    );
  }
  const { kept, sealed } = file.marksOf(0)!;
  file.mark(0, { kept, sealed: Math.max(sealed, stretchOf(ladder[0]!, current).from) });
}

export function sealProcesses({ file, ladder }: HostBlocksOptions, now: number): void {
  for (const { host, span } of file.stagedBefore('processes', spanAt(ladder[0]!, now))) {
    file.transaction(() => {
      const series = file.seriesOf(host).get(TIMES) ?? file.addSeries(host, TIMES, now);
      const before = file.block(PROCESSES, span, series);
      const fresh = file.staged('processes', host, span, span).map(({ body }) => unpackTables(body));
      const tables = joinTables([before === null ? [] : unpackTables(before), ...fresh]);
      file.putBlock(PROCESSES, span, series, packTables(tables));
      file.unstage('processes', host, span);
    });
  }
}

function sealHost(parts: HostBlocksOptions, host: string, spans: readonly number[]): void {
  const { file, ladder } = parts;
  const blocks = new HostBlocks(host, parts);
  const marks = ladder.map((_, tier) => file.marksOf(tier)!);
  const startOf = (span: number) => stretchOf(ladder[0]!, span).from;
  const staged = (span: number) =>
    joinRows(file.staged('rows', host, span, span).map(({ body }) => unpackRows(body)));
  for (const span of spans) {
    if (startOf(span) >= marks[0]!.kept) blocks.putRows(span, joinRows([blocks.rows(span), staged(span)]));
  }
  for (let tier = 1; tier < ladder.length; tier++) {
    const { kept, sealed } = marks[tier]!;
    const late = spans.filter((span) => startOf(span) >= kept && startOf(span) < sealed);
    for (const [wide, narrow] of Map.groupBy(late, (span) => spanAt(ladder[tier]!, startOf(span)))) {
      const changed = SpanBuckets.read(blocks, ladder, tier, wide);
      for (const span of narrow) {
        const stretch = wholeBuckets(ladder[tier]!, stretchOf(ladder[0]!, span));
        // Where the tier below has all there is, it is asked anew; where it has dropped its part, the late samples are added.
        if (stretch.from < marks[tier - 1]!.kept) changed.addRows(staged(span));
        else {
          changed.clear(stretch);
          changed.addTierBelow(blocks, stretch);
        }
      }
      changed.write(blocks);
    }
  }
  for (const span of spans) file.unstage('rows', host, span);
}

/** All buckets of the tier that the stretch touches. */
function wholeBuckets({ stepMs }: Tier, { from, to }: Stretch): Stretch {
  return { from: Math.floor(from / stepMs) * stepMs, to: Math.ceil(to / stepMs) * stepMs };
}
