/** What writing costs: many hosts on one core, and one host on the disk. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Sample } from '../../shared/schema/sample.ts';
import { barRow, plainRow, type BenchRow } from '../bench-row.ts';
import type { Recording } from './recording.ts';

/** Of one core, for 500 hosts of 60 series; and bytes a second, for one host. */
const CORE_PERCENT = 30;
const HOSTS = 500;
const ONE_HOST_BYTES = 27 * 1024;
/** An hour and what is left of the next one: every hour is sealed once. */
const HOUR = 3_600;

interface Load {
  series: number;
  cpuSeconds: number;
  tapeSeconds: number;
  sealSeconds: number;
  writtenBytes: number;
  residentBytes: number;
}

export async function writeRows({ samples }: Recording, quick: boolean): Promise<BenchRow[]> {
  const hosts = quick ? 20 : HOSTS;
  const many = await load(samples.map(sixtySeries), hosts, HOUR);
  const perSecond = (seconds: number) => ((100 * seconds) / HOUR) * (HOSTS / hosts);
  const one = await load(samples, 1, HOUR);
  const tapeBytes = await liveBytes(samples, quick ? 6 : 60);
  const name = `${HOSTS} hosts x ${many.series} series${hosts === HOSTS ? '' : ` (counted up from ${hosts})`}`;
  return [
    barRow(`write, ${name}`, perSecond(many.cpuSeconds), '% of a core', CORE_PERCENT),
    plainRow('... of it in the main thread', perSecond(many.tapeSeconds), '% of a core'),
    plainRow('... sealing, once an hour', (many.sealSeconds * HOSTS) / hosts, 's'),
    plainRow('... memory of all of it at most', many.residentBytes / 1024 ** 2, 'MiB'),
    barRow(
      'written to the disk, one host',
      (tapeBytes + one.writtenBytes / HOUR) / 1024,
      'KiB/s',
      ONE_HOST_BYTES / 1024,
    ),
  ];
}

async function load(samples: readonly Sample[], hosts: number, seconds: number): Promise<Load> {
  return JSON.parse(await run('write-load.ts', samples, hosts, seconds)) as Load;
}

/** Bytes per second that the tape of one host costs, in real time. */
async function liveBytes(samples: readonly Sample[], seconds: number): Promise<number> {
  return Number(await run('write-live.ts', samples, seconds));
}

async function run(program: string, samples: readonly Sample[], ...numbers: number[]): Promise<string> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'watchline-bench-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const recording = path.join(folder, 'samples.json');
  await writeFile(recording, JSON.stringify(samples));
  const { stdout } = await promisify(execFile)(process.execPath, [
    path.join(import.meta.dirname, program),
    path.join(folder, 'data'),
    recording,
    ...numbers.map(String),
  ]);
  return stdout;
}

/** A usual machine: one physical interface beside the loopback. */
function sixtySeries(sample: Sample): Sample {
  const physical = sample.interfaces.find(({ kind }) => kind === 'physical');
  return {
    ...sample,
    disks: sample.disks.slice(0, 1),
    interfaces: sample.interfaces.filter((each) => each === physical || each.kind === 'loopback'),
  };
}
