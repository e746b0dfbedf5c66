/** Logs: what following a file costs and whether it loses lines, beside its peers; what the archive takes and how soon it answers. */
import type { BenchRow } from './bench-row.ts';
import { followedRows } from './logs/followed.ts';
import { searchRows } from './logs/search.ts';
import { tailerRows } from './logs/tailers.ts';
import { throughRows } from './logs/through.ts';

/** WATCHLINE_BENCH_CASES=tailers, =through, =search or =page runs the one part alone. */
export async function run(options: { quick: boolean }): Promise<BenchRow[]> {
  const wanted = process.env['WATCHLINE_BENCH_CASES'] ?? 'tailers,through,search,page';
  return [
    ...(wanted.includes('tailers') ? await tailerRows(options) : []),
    ...(wanted.includes('through') ? await throughRows(options) : []),
    ...(wanted.includes('search') ? await searchRows(options) : []),
    ...(wanted.includes('page') ? await followedRows(options) : []),
  ];
}
