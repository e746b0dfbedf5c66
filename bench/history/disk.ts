/** What history takes on the disk: real output of the collector, as many hours of it as there are. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HistoryFile } from '../../hub/history/store/file/history-file.ts';
import { HISTORY_FILE } from '../../hub/history/store/file/file-name.ts';
import { defaultLadder } from '../../hub/history/store/ladder.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import { eachSeries } from '../../shared/series.ts';
import { eachFilesystemSeries, eachSensorSeries } from '../../shared/slow-series.ts';
import { barRow, plainRow, type BenchRow } from '../bench-row.ts';
import { BenchKeeper } from './bench-keeper.ts';
import type { Recording, SlowReading } from './recording.ts';

const BYTES_PER_SAMPLE = 0.7;
const hour = 3_600_000;

export async function diskRows({ samples, readings, tables }: Recording): Promise<BenchRow[]> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'watchline-bench-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  // As if the first was taken at the beginning of an hour long ago.
  const shift = Math.ceil(samples[0]!.time / (32 * 24 * hour)) * 32 * 24 * hour - samples[0]!.time;
  const end = samples.at(-1)!.time + shift;
  const keeper = new BenchKeeper(folder);
  keeper.keep(samples[0]!.time + shift, true);
  let sampled = 0;
  let held = 0;
  const take = readingTaker(keeper, readings, shift);
  for (const sample of samples) {
    held += take(sample.time);
    keeper.recorder.sample({ ...sample, time: sample.time + shift });
    eachSeries(sample, (_, value) => (sampled += value === null ? 0 : 1));
  }
  const values = sampled + held;
  keeper.keep(end + hour + 130_000, true);
  const fine = fileBytes(folder);
  for (const table of tables) keeper.recorder.processes({ ...table, time: table.time + shift });
  keeper.keep(end + 2 * hour, true);
  const withTables = fileBytes(folder);
  const hours = samples.length / 3_600;
  const name = `1 s tier with its index, per sample (${hours.toFixed(1)} h, ${values} samples)`;
  return [
    // Of less than an hour most are half-empty pages of the tables, which do not grow.
    hours >= 1 ? barRow(name, fine / values, 'B', BYTES_PER_SAMPLE) : plainRow(name, fine / values, 'B'),
    plainRow('process tables, per host and hour', (withTables - fine) / hours / 1024, 'KiB'),
    ...(await prometheusRow(samples, sampled)),
  ];
}

/** Takes what was read until a time; answers how many values stand beside a sample then. */
function readingTaker(
  { recorder }: BenchKeeper,
  readings: readonly SlowReading[],
  shift: number,
): (time: number) => number {
  const held = { filesystems: 0, sensors: 0 };
  let next = 0;
  return (until) => {
    for (; next < readings.length && readings[next]!.data.time <= until; next++) {
      const { name, data } = readings[next]!;
      const count = () => held[name]++;
      held[name] = 0;
      if (name === 'filesystems') {
        eachFilesystemSeries(data, count);
        recorder.filesystems({ ...data, time: data.time + shift });
      } else {
        eachSensorSeries(data, count);
        recorder.sensors({ ...data, time: data.time + shift });
      }
    }
    return held.filesystems + held.sensors;
  };
}

function fileBytes(folder: string): number {
  using file = new HistoryFile(path.join(folder, HISTORY_FILE), { tiers: defaultLadder.length });
  file.cutLog();
  return file.bytes;
}

/** The same samples as blocks of Prometheus, index included; none where promtool is not installed. */
async function prometheusRow(samples: readonly Sample[], values: number): Promise<BenchRow[]> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'watchline-bench-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const lines = new Map<string, string[]>();
  for (const sample of samples) {
    eachSeries(sample, (key, value) => {
      if (value === null) return;
      const name = `s_${key.replaceAll(/[^a-zA-Z0-9]/g, '_')}`;
      if (!lines.has(name)) lines.set(name, [`# TYPE ${name} gauge`]);
      lines.get(name)!.push(`${name}{host="web-1"} ${value} ${sample.time / 1_000}`);
    });
  }
  const text = path.join(folder, 'samples.txt');
  await writeFile(text, `${[...lines.values()].flat().join('\n')}\n# EOF\n`);
  const blocks = path.join(folder, 'blocks');
  try {
    execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', text, blocks], {
      stdio: 'ignore',
    });
  } catch {
    return [];
  }
  let bytes = 0;
  for (const name of await readdir(blocks, { recursive: true })) {
    const own = await stat(path.join(blocks, name));
    if (own.isFile()) bytes += own.size;
  }
  return [plainRow('the samples of it as blocks of Prometheus', bytes / values, 'B')];
}
