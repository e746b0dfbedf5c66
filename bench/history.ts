/** History: what it takes on the disk and of a core, and how soon it answers. */
import type { BenchRow } from './bench-row.ts';
import { diskRows } from './history/disk.ts';
import { readRows } from './history/reads.ts';
import { openRecording } from './history/recording.ts';
import { writeRows } from './history/writes.ts';

/** WATCHLINE_BENCH_CASES=disk, =write or =read runs the one part alone; WATCHLINE_BENCH_RECORDING: see `openRecording`. */
export async function run({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  const wanted = process.env['WATCHLINE_BENCH_CASES'] ?? 'disk,write,read';
  const recording = await openRecording(quick);
  return [
    ...(wanted.includes('disk') ? await diskRows(recording) : []),
    ...(wanted.includes('write') ? await writeRows(recording, quick) : []),
    ...(wanted.includes('read') ? await readRows(recording, quick) : []),
  ];
}
