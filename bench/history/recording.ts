/** Real output of the collector on this machine: what the codec of history is judged by. */
import { existsSync, readFileSync } from 'node:fs';
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

/**
 * Of the file that WATCHLINE_BENCH_RECORDING names (one observation as JSON per line), or taken now, which takes so many seconds. `quick`: two
 * minutes in place of two hours.
 */
export async function openRecording(quick: boolean): Promise<Recording> {
  const file = process.env['WATCHLINE_BENCH_RECORDING'];
  if (file !== undefined && existsSync(file)) return readRecording(file);
  return record(quick ? 120 : 7_200);
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

async function record(seconds: number): Promise<Recording> {
  const recording: Recording = { samples: [], readings: [], tables: [] };
  await using collector = createCollector({ host: 'bench' });
  const { promise, resolve } = Promise.withResolvers<void>();
  await collector.start((observation) => {
    if (observation.name === 'processes') recording.tables.push(observation.data);
    if (observation.name === 'filesystems' || observation.name === 'sensors')
      recording.readings.push(observation);
    if (observation.name !== 'sample') return;
    recording.samples.push(observation.data);
    if (recording.samples.length > seconds) resolve();
  });
  await promise;
  recording.samples.shift();
  return recording;
}
