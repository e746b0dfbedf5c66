/** What following a file costs and how soon lines are told, beside coreutils `tail -F` and the npm package `tail-file`. */
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { copyFile, truncate } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { barRow, plainRow, type BenchRow } from '../bench-row.ts';
import { numberAt, NUMBER_AT, NUMBER_DIGITS } from './numbered-line.ts';
import { buildTailCase, runTailers, type TailRun } from './run-tailers.ts';
import { tailers, type Tailer, type TailResult } from './tail-result.ts';

const names: Record<Tailer, string> = {
  split: 'tailing and splitting',
  parse: 'with time, level and fields parsed',
  coreutils: 'peer: coreutils tail -F',
  'tail-file': 'peer: npm tail-file',
};
/** CPU seconds per million lines; null: no bar. */
const cpuBars: Record<Tailer, number | null> = { split: 0.4, parse: 2, coreutils: null, 'tail-file': null };
const P99_BAR_MS = 15;
const CAUGHT_UP_BAR_MS = 1_000;
const own: readonly Tailer[] = ['split', 'parse'];
const ROTATIONS = 4;
/** How long a writer goes on in the renamed file. */
const LINGER_MS = 500;

export async function tailerRows({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  await buildTailCase();
  return [
    ...(await steadyRows(quick ? 1 : 10)),
    // With everything parsed alone where there is little time: it is the harder.
    ...(await sustainedRows(quick ? ['parse'] : own, quick ? 1 : 10)),
    ...(await burstRows(quick ? ['parse'] : own)),
    ...(await rotationRows(quick)),
  ];
}

/** 100,000 lines a second: CPU per million lines and delay, each alone. */
async function steadyRows(seconds: number): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const tailer of tailers) {
    const load = { tailers: [tailer], lines: seconds * 100_000, linesPerSecond: 100_000 };
    const result = (await runTailers(load)).results.get(tailer)!;
    const name = `100,000 lines/s, ${names[tailer]}`;
    const perMillion = (result.cpuSeconds * 1e6) / result.lines;
    // In the first seconds it is V8's compilers that are measured.
    const bar = seconds < 10 ? null : cpuBars[tailer];
    const unit = 'CPU s per million lines';
    rows.push(bar === null ? plainRow(name, perMillion, unit) : barRow(name, perMillion, unit, bar));
    rows.push(
      plainRow(
        `${name}: left out, the bench's look at each line`,
        (result.lookSeconds * 1e6) / result.lines,
        unit,
      ),
    );
    rows.push(plainRow(`${name}: median`, result.p50Ms, 'ms'));
    rows.push(
      own.includes(tailer)
        ? barRow(`${name}: p99`, result.p99Ms, 'ms', P99_BAR_MS)
        : plainRow(`${name}: p99`, result.p99Ms, 'ms'),
    );
    rows.push(lostRow(name, result, own.includes(tailer)));
  }
  return rows;
}

async function sustainedRows(followers: readonly Tailer[], seconds: number): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const tailer of followers) {
    const run = await runTailers({
      tailers: [tailer],
      lines: seconds * 200_000,
      linesPerSecond: 200_000,
    });
    const name = `200,000 lines/s, ${names[tailer]}`;
    rows.push(lostRow(name, run.results.get(tailer)!, true), behindRow(name, run, tailer));
  }
  return rows;
}

/** A million lines in half a second. */
async function burstRows(followers: readonly Tailer[]): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const tailer of followers) {
    const run = await runTailers({ tailers: [tailer], lines: 1_000_000, linesPerSecond: 2_000_000 });
    const name = `burst of 1,000,000 lines at 2,000,000/s, ${names[tailer]}`;
    rows.push(plainRow(`${name}: written at`, run.linesPerSecond, 'lines/s'));
    rows.push(lostRow(name, run.results.get(tailer)!, true), behindRow(name, run, tailer));
  }
  return rows;
}

function behindRow(name: string, { results, writtenAtMs }: TailRun, tailer: Tailer): BenchRow {
  const behindMs = Math.max(0, results.get(tailer)!.lastAtMs - writtenAtMs);
  return barRow(`${name}: last line told after the last write`, behindMs, 'ms', CAUGHT_UP_BAR_MS);
}

function lostRow(name: string, { missing, doubled }: TailResult, isBar: boolean): BenchRow {
  const wrong = missing.length + doubled;
  return isBar
    ? barRow(`${name}: lost or doubled`, wrong, 'lines', 0)
    : plainRow(`${name}: lost or doubled`, wrong, 'lines');
}

type Rotate = (file: string, reopen: () => void) => Promise<void>;

const rotations: Record<string, Rotate> = {
  rename: async (file, reopen) => {
    shift(file);
    writeFileSync(file, '');
    reopen();
  },
  'rename, the writer lingering half a second': async (file, reopen) => {
    shift(file);
    writeFileSync(file, '');
    await delay(LINGER_MS);
    reopen();
  },
  'copytruncate, of those that were saved': async (file) => {
    shiftOlder(file);
    await copyFile(file, `${file}.1`);
    await truncate(file);
  },
};

/** Four rotations in each way while lines come at 10,000 a second; all tailers follow the same file. */
async function rotationRows(quick: boolean): Promise<BenchRow[]> {
  const ways = Object.entries(rotations);
  if (quick) return (await Promise.all(ways.map((way) => rowsOfRotation(way, 10_000, 2_000)))).flat();
  const rows: BenchRow[] = [];
  for (const way of ways) rows.push(...(await rowsOfRotation(way, 100_000)));
  return rows;
}

async function rowsOfRotation(
  [name, rotate]: [string, Rotate],
  lines: number,
  patienceMs?: number,
): Promise<BenchRow[]> {
  const followers = tailers.filter((tailer) => tailer !== 'split');
  const everyMs = (lines / 10_000 / (ROTATIONS + 1)) * 1000;
  let saved = new Set<number>();
  const { results } = await runTailers({
    tailers: followers,
    lines,
    linesPerSecond: 10_000,
    patienceMs,
    during: async (file, reopen) => {
      for (let rotation = 0; rotation < ROTATIONS; rotation++) {
        await delay(everyMs);
        await rotate(file, reopen);
      }
    },
    after: (folder) => (saved = savedNumbers(folder)),
  });
  return [...results].flatMap(([tailer, { missing, doubled }]) => {
    const who = tailer === 'parse' ? 'Watchline' : names[tailer];
    const lost = missing.filter((number) => saved.has(number)).length;
    const row = (what: string, figure: number) => {
      const label = `${ROTATIONS} rotations in ${lines} lines, ${name}: ${who}, ${what}`;
      return tailer === 'parse' ? barRow(label, figure, 'lines', 0) : plainRow(label, figure, 'lines');
    };
    return [row('lost', lost), row('doubled', doubled)];
  });
}

function shift(file: string): void {
  shiftOlder(file);
  renameSync(file, `${file}.1`);
}

function shiftOlder(file: string): void {
  const generations = readdirSync(path.dirname(file)).length - 1;
  for (let i = generations; i >= 1; i--) renameSync(`${file}.${i}`, `${file}.${i + 1}`);
}

/** Of all files: what a copytruncate left in none of them, nobody can read. */
function savedNumbers(folder: string): Set<number> {
  const lines = readdirSync(folder).flatMap((name) =>
    readFileSync(path.join(folder, name), 'latin1').split('\n'),
  );
  return new Set(lines.map((line) => numberAt(line.replaceAll('\0', ''), NUMBER_AT, NUMBER_DIGITS)));
}
