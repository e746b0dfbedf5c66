/** Real output of the collector on this machine: what the codec of history is judged by. */
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCollector } from '../../collect/metrics/machine-collector.ts';
import type { Processes } from '../../shared/schema/processes.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import type { Filesystems, Sensors } from '../../shared/schema/slow-tiers.ts';

export type SlowReading = { name: 'filesystems'; data: Filesystems } | { name: 'sensors'; data: Sensors };

export interface Recording {
  samples: Sample[];
  /** By time. */
  readings: SlowReading[];
  tables: Processes[];
}

/** Seconds. The short form ends soon: it has no word to say on bytes (see `diskRows`). */
const RECORDED = { quick: 5, whole: 7_200 };

/**
 * Of the file that WATCHLINE_BENCH_RECORDING names (one observation as JSON per line); taken now where it is not there yet, and left there for
 * the next run. Without a name: taken and forgotten.
 */
export async function openRecording(quick: boolean): Promise<Recording> {
  await using opened = new AsyncDisposableStack();
  let file = process.env['WATCHLINE_BENCH_RECORDING'];
  if (file === undefined) {
    const folder = await mkdtemp(path.join(tmpdir(), 'watchline-bench-'));
    opened.defer(() => rm(folder, { recursive: true, force: true }));
    file = path.join(folder, 'recording.ndjson');
  }
  if (!existsSync(file)) await record(file, quick ? RECORDED.quick : RECORDED.whole);
  return readRecording(file);
}

function readRecording(file: string): Recording {
  const recording: Recording = { samples: [], readings: [], tables: [] };
  for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
    const { name, data } = JSON.parse(line) as { name: string; data: unknown };
    if (name === 'sample') recording.samples.push(data as Sample);
    else if (name === 'processes') recording.tables.push(data as Processes);
    else if (name === 'filesystems' || name === 'sensors')
      recording.readings.push({ name, data } as SlowReading);
  }
  // The first is of a quarter of a second.
  recording.samples.shift();
  return recording;
}

async function record(file: string, seconds: number): Promise<void> {
  // A name without the ending means a whole one, should this be ended before.
  const part = `${file}.part`;
  writeFileSync(part, '');
  await using collector = createCollector({ host: 'bench' });
  const { promise, resolve } = Promise.withResolvers<void>();
  let samples = 0;
  await collector.start((observation) => {
    appendFileSync(part, `${JSON.stringify(observation)}\n`);
    if (observation.name === 'sample' && ++samples > seconds) resolve();
  });
  await promise;
  renameSync(part, file);
}
