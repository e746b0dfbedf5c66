/** Samples of this machine, taken once and published by every server of a case: figures of two runs are of the same texts. */
import { writeFile } from 'node:fs/promises';
import { createCollector } from '../../collect/metrics/machine-collector.ts';
import type { Sample } from '../../shared/schema/sample.ts';

/** More than what any encoding looks back over, which is 32 KiB: a sample of 2 KB is never met again. */
const SAMPLES = 60;

/** Writes them as JSON. Takes six seconds. */
export async function recordSamples(file: string): Promise<void> {
  const samples: Sample[] = [];
  await using collector = createCollector({ host: 'bench', intervalMs: 100, processesIntervalMs: null });
  const { promise, resolve } = Promise.withResolvers<void>();
  await collector.start((observation) => {
    if (observation.name === 'sample') samples.push(observation.data);
    if (samples.length >= SAMPLES) resolve();
  });
  await promise;
  await writeFile(file, JSON.stringify(samples));
}
