/** A process with a spool, killed with SIGKILL at random moments again and again: what it loses is of the last 500 ms. */
import { expect, test } from 'vitest';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { openSpool } from '../../agent/spool/spool.ts';
import { uplinkRecord } from '../../shared/schema/uplink.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const FLUSH_WINDOW_MS = 500n;
const program = path.join(import.meta.dirname, '../support/spool-child.ts');

interface Killed {
  /** Number and instant (monotonic, of the machine) of each record that it said it had appended. */
  appended: { number: number; at: bigint }[];
  killedAt: bigint;
}

async function runAndKill(dir: string, run: string, afterMs: number, options: object): Promise<Killed> {
  const child = spawn(process.execPath, [program, dir, run, '1', JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const appended: Killed['appended'] = [];
  const lines = createInterface({ input: child.stdout });
  const ready = once(lines, 'line');
  lines.on('line', (line) => {
    const [number, at] = line.split(' ');
    if (at !== undefined) appended.push({ number: Number(number), at: BigInt(at) });
  });
  await ready;
  await pause(afterMs);
  const killedAt = process.hrtime.bigint() / 1_000_000n;
  child.kill('SIGKILL');
  await ended;
  return { appended, killedAt };
}

async function numbersPerRun(dir: string): Promise<Map<string, number[]>> {
  await using spool = await openSpool({ dir, run: 'reader', host: 'web-1' });
  const runs = new Map<string, number[]>();
  for (;;) {
    const batch = await spool.takeKept({ records: 1_000, bytes: 1_000_000 });
    if (!batch) break;
    for (const line of batch.lines) {
      const { run, seq, data } = uplinkRecord.parse(JSON.parse(line.toString()));
      expect(data).toMatchObject({ number: seq });
      runs.set(run, [...(runs.get(run) ?? []), seq]);
    }
  }
  expect(spool.counts).toEqual({ dropped: 0, damaged: 0 });
  return runs;
}

test.concurrent.for([
  { how: 'with the window it has by itself', options: {}, rounds: 2 },
  { how: 'in the middle of writes', options: { flushMs: 2 }, rounds: 4 },
])(
  'killed $how, every record older than the window is there, once and in order',
  async ({ options, rounds }, { expect }) => {
    await using folder = await makeTempFolder();
    const killed = new Map<string, Killed>();
    for (let round = 0; round < rounds; round++) {
      const run = `run${round}`;
      killed.set(run, await runAndKill(folder.path, run, 50 + Math.random() * 700, options));
    }
    const runs = await numbersPerRun(folder.path);
    let cut = 0;
    for (const [run, { appended, killedAt }] of killed) {
      const kept = runs.get(run) ?? [];
      expect(kept, run).toEqual(kept.map((_, at) => at + 1));
      const owed = appended.filter(({ at }) => at < killedAt - FLUSH_WINDOW_MS).at(-1)?.number ?? 0;
      expect(kept.length, `${run} kept`).toBeGreaterThanOrEqual(owed);
      if (kept.length < appended.length) cut++;
    }
    // Otherwise nothing was killed in between, and this shows nothing.
    expect(cut).toBeGreaterThan(0);
  },
);
