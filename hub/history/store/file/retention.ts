/** What is too old goes, and what is too much: whole spans, the oldest of a tier first. */
import type { Tier } from '../ladder.ts';
import type { HistoryFile } from './history-file.ts';
import { PROCESSES, type BlockTable } from './tables.ts';
import { spanAt, stretchOf } from './spans.ts';

/** Process tables are kept for so long. */
const PROCESSES_KEPT_MS = 7 * 24 * 3_600_000;
/** Their part of all room: the tiers share what is left. */
const PROCESSES_SHARE = 0.15;
/** Empty pages are used again; they go back to the disk where they are more than this part of the file, and so many at a time. */
const MOST_EMPTY = 0.25;
const SHRUNK_PAGES = 2_048;

interface Shelf {
  table: BlockTable;
  tier: Tier;
  keepMs: number;
  share: number;
}

/** `now` in epoch milliseconds. `maxBytes`: of all that is in use in the file. */
export function keepBounds(file: HistoryFile, ladder: readonly Tier[], maxBytes: number, now: number): void {
  const shelves: Shelf[] = ladder.map((tier, table) => ({
    table,
    tier,
    keepMs: tier.keepMs,
    share: tier.share * (1 - PROCESSES_SHARE),
  }));
  shelves.push({ table: PROCESSES, tier: ladder[0]!, keepMs: PROCESSES_KEPT_MS, share: PROCESSES_SHARE });
  for (const shelf of shelves) dropOld(file, ladder, shelf, now);
  while (file.bytes > maxBytes) {
    const fullest = shelves
      .filter((shelf) => nextSpan(file, ladder, shelf) !== null)
      .sort((a, b) => bytesOf(file, b) / b.share - bytesOf(file, a) / a.share)[0];
    if (fullest === undefined) break;
    drop(file, fullest, nextSpan(file, ladder, fullest)!);
  }
  const coarsest = ladder.at(-1)!;
  file.dropSeries(file.marksOf(ladder.length - 1)!.kept - 2 * coarsest.spanMs);
  if (file.emptyShare > MOST_EMPTY) file.shrink(SHRUNK_PAGES);
}

function dropOld(file: HistoryFile, ladder: readonly Tier[], shelf: Shelf, now: number): void {
  for (;;) {
    const span = nextSpan(file, ladder, shelf);
    if (span === null || stretchOf(shelf.tier, span).to > now - shelf.keepMs) break;
    drop(file, shelf, span);
  }
  if (shelf.table === PROCESSES) return;
  const { kept, sealed } = file.marksOf(shelf.table)!;
  const oldest = stretchOf(shelf.tier, spanAt(shelf.tier, Math.min(now - shelf.keepMs, sealed))).from;
  if (oldest > kept && oldest <= sealedAbove(file, ladder, shelf.table))
    file.mark(shelf.table, { kept: oldest, sealed });
}

/** The oldest span that may go: what the tier above has not taken over yet stays. */
function nextSpan(file: HistoryFile, ladder: readonly Tier[], { table, tier }: Shelf): number | null {
  const oldest = file.oldestSpan(table);
  if (oldest === null) return null;
  if (table === PROCESSES) return oldest;
  return stretchOf(tier, oldest).to <= sealedAbove(file, ladder, table) ? oldest : null;
}

function sealedAbove(file: HistoryFile, ladder: readonly Tier[], tier: number): number {
  return tier === ladder.length - 1 ? file.marksOf(tier)!.sealed : file.marksOf(tier + 1)!.sealed;
}

function drop(file: HistoryFile, { table, tier }: Shelf, span: number): void {
  file.transaction(() => {
    file.dropSpan(table, span);
    if (table === PROCESSES) return;
    const { kept, sealed } = file.marksOf(table)!;
    file.mark(table, { kept: Math.max(kept, stretchOf(tier, span).to), sealed });
  });
}

function bytesOf(file: HistoryFile, { table }: Shelf): number {
  return file.bytesOf(table);
}
