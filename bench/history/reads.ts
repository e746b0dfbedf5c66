/** How soon history answers while it is written, and how soon a hub starts that has much of it. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HistoryStore } from '../../hub/history/store/history-store.ts';
import { defaultLadder } from '../../hub/history/store/ladder.ts';
import { startHub } from '../../hub/start-hub.ts';
import { HISTORY_FILE } from '../../hub/history/store/file/file-name.ts';
import { barRow, plainRow, type BenchRow } from '../bench-row.ts';
import type { Recording } from './recording.ts';
import { answerRows } from './answers.ts';
import { makeTwoYears, multiply } from './two-years.ts';

const hour = 3_600_000;
const day = 24 * hour;
const series = ['cpu.user', 'cpu.system', 'memory.used', 'disk.read', 'net.receive', 'load.one'];
/** Milliseconds. */
const BARS = { hour: 30, week: 60, years: 60, start: 1_500 };
const REPEATS = 15;
/** Of the database that a hub starts with. */
const GIBIBYTES = 2;

export async function readRows({ samples }: Recording, quick: boolean): Promise<BenchRow[]> {
  await using opened = new AsyncDisposableStack();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'watchline-bench-'));
  opened.defer(() => rm(dataDir, { recursive: true, force: true }));
  const folder = path.join(dataDir, 'history');
  const now = Math.floor(Date.now() / 1_000) * 1_000;
  makeTwoYears(folder, samples, now);
  const { size } = await stat(path.join(folder, HISTORY_FILE));
  const rows: BenchRow[] = [plainRow('two years of one host', size / 1024 ** 2, 'MiB')];
  {
    await using store = new HistoryStore({
      dataDir,
      maxBytes: 64 * 1024 ** 3,
      ladder: defaultLadder,
      report: (trouble) => {
        throw trouble;
      },
    });
    // Fifty hosts write meanwhile.
    let second = 0;
    const write = () => {
      for (let host = 0; host < 50; host++)
        store.takeSample({ ...samples[second % samples.length]!, host: `host-${host}`, time: Date.now() });
      second++;
    };
    const timer = setInterval(write, 1_000);
    opened.defer(() => clearInterval(timer));
    for (let past = 0; past < 600; past++) write();
    const ask = (from: number, to: number, stepMs: number) =>
      store.buckets({ host: 'host-0', series, from, to, stepMs }, new AbortController().signal);
    const time = async (from: number, to: number, stepMs: number) => {
      const began = performance.now();
      await ask(from, to, stepMs);
      return performance.now() - began;
    };
    rows.push(
      plainRow(
        'read, the first question of all: its thread starts',
        await time(now - hour, now, 1_000),
        'ms',
      ),
    );
    const median = async (from: number, to: number, stepMs: number) => {
      const times: number[] = [];
      for (let repeat = 0; repeat < REPEATS; repeat++) times.push(await time(from, to, stepMs));
      return times.sort((a, b) => a - b)[Math.floor(REPEATS / 2)]!;
    };
    rows.push(
      barRow('read, an hour of 6 series at 1 s', await median(now - hour, now, 1_000), 'ms', BARS.hour),
      barRow(
        'read, 7 days of 6 series to 1,000 points',
        await median(now - 7 * day, now, 660_000),
        'ms',
        BARS.week,
      ),
      barRow('read, 2 years of 6 series', await median(now - 730 * day, now, day), 'ms', BARS.years),
    );
  }
  rows.push(...(await answerRows(dataDir, samples, now)));
  const hosts = Math.max(1, Math.ceil(((quick ? 0.1 : GIBIBYTES) * 1024 ** 3) / size));
  multiply(folder, hosts);
  const { size: large } = await stat(path.join(folder, HISTORY_FILE));
  const began = performance.now();
  await using hub = await startHub({
    version: 'bench',
    host: '127.0.0.1',
    port: 0,
    dataDir,
    pageDir: null,
    allowedHosts: [],
    observers: [],
  });
  void hub;
  const started = performance.now() - began;
  rows.push(
    barRow(`start of a hub with ${(large / 1024 ** 2).toFixed(0)} MiB of history`, started, 'ms', BARS.start),
  );
  return rows;
}
