/** The process tables of a window, and from when to when anything of a host is kept. */
import { joinTables, unpackTables } from '../codec/process-block.ts';
import { HostBlocks } from '../file/host-blocks.ts';
import type { HistoryFile } from '../file/history-file.ts';
import { PROCESSES, TIMES } from '../file/tables.ts';
import { spansWithin, stretchOf } from '../file/spans.ts';
import type { HostExtent, KeptProcesses, ProcessesQuery } from '../history-reader.ts';
import type { Tier } from '../ladder.ts';
import { openRows, openTables } from './open-rows.ts';
import type { ReadParts } from './read-buckets.ts';

export function readProcesses({ ladder, tapes, file }: ReadParts, query: ProcessesQuery): KeptProcesses[] {
  const finest = ladder[0]!;
  const sealed = file === null ? [] : sealedTables(file, finest, query);
  return joinTables([sealed, openTables(tapes, file, finest, query.host, query)]);
}

function sealedTables(file: HistoryFile, finest: Tier, { host, from, to }: ProcessesQuery): KeptProcesses[] {
  const series = file.seriesOf(host).get(TIMES);
  if (series === undefined) return [];
  return spansWithin(finest, { from, to })
    .flatMap((span) => {
      const block = file.block(PROCESSES, span, series);
      return block === null ? [] : unpackTables(block);
    })
    .filter(({ time }) => time >= from && time < to);
}

export function readExtent({ ladder, tapes, file }: ReadParts, host: string): HostExtent {
  const finest = ladder[0]!;
  const { times } = openRows(tapes, null, finest, host, { from: 0, to: Number.MAX_SAFE_INTEGER });
  let oldest = times[0] ?? Infinity;
  let newest = times.at(-1) ?? -Infinity;
  if (file !== null) {
    // Only its two ends are unpacked: an agent that was away for a day has all of it staged for a while.
    const staged = file.spansStaged(host);
    const ends = staged === null ? [] : new Set([staged.first, staged.last]);
    for (const span of ends) {
      const rows = openRows([], file, finest, host, stretchOf(finest, span));
      oldest = Math.min(oldest, rows.times[0] ?? Infinity);
      newest = Math.max(newest, rows.times.at(-1) ?? -Infinity);
    }
    const blocks = new HostBlocks(host, { file, ladder, onDamaged: () => undefined });
    for (const [tier, rule] of ladder.entries()) {
      const spans = file.spansWithBlocks(tier, host);
      if (spans === null) continue;
      oldest = Math.min(oldest, firstTime(blocks, tier, spans.first) ?? spans.first * rule.spanMs);
      newest = Math.max(newest, lastTime(blocks, tier, spans.last) ?? -Infinity);
    }
  }
  const keptFrom = ladder.map((_, tier) => file?.marksOf(tier)?.kept ?? 0);
  return oldest === Infinity ? { oldest: null, newest: null, keptFrom } : { oldest, newest, keptFrom };
}

function firstTime(blocks: HostBlocks, tier: number, span: number): number | null {
  if (tier === 0) return blocks.rows(span, []).times[0] ?? null;
  return blocks.moments(tier, span)?.find((time) => time !== -Infinity) ?? null;
}

function lastTime(blocks: HostBlocks, tier: number, span: number): number | null {
  if (tier === 0) return blocks.rows(span, []).times.at(-1) ?? null;
  return blocks.moments(tier, span)?.findLast((time) => time !== -Infinity) ?? null;
}
