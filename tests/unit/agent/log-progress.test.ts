/** Lines and how far they were read are on disk together: whenever an agent is killed, each line is sent once. */
import { appendFileSync, cpSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { LogProgress } from '../../../agent/log-progress.ts';
import { openSpool, type Spool } from '../../../agent/spool/spool.ts';
import { createLogCollector } from '../../../collect/logs/log-collector.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

const all = { records: 1e6, bytes: 1e9 };

interface Reading extends AsyncDisposable {
  spool: Spool;
  count: () => number;
}

/** As an agent does it: a collector whose lines go into a spool, which keeps the progress beside them. */
async function read(dir: string, log: string): Promise<Reading> {
  const progress = new LogProgress();
  const spool = await openSpool({ dir, run: 'run1', host: 'web-1', flushMs: 5, state: progress });
  const collector = createLogCollector({
    host: 'web-1',
    files: [log],
    exclude: [],
    journal: 'off',
    positions: progress.positions,
  });
  progress.follow(collector);
  let count = 0;
  await collector.start(({ name, data }) => {
    if (name === 'log') count++;
    spool.append(name, data);
  });
  // Where nothing was kept yet, a start is the first one.
  await spool.flush();
  return {
    spool,
    count: () => count,
    async [Symbol.asyncDispose]() {
      await collector[Symbol.asyncDispose]();
      await spool[Symbol.asyncDispose]();
    },
  };
}

async function spooledLines(spool: Spool): Promise<string[]> {
  const lines: string[] = [];
  for (;;) {
    const batch = spool.takeFresh(all) ?? (await spool.takeKept(all));
    if (batch === null) return lines;
    for (const line of batch.lines) {
      const { name, data } = JSON.parse(line.toString()) as { name: string; data: { text: string } };
      if (name === 'log') lines.push(data.text);
    }
  }
}

it('holds wherever the agent was when it was killed, through rotations', async () => {
  await using folder = await makeTempFolder();
  const log = path.join(folder.path, 'app.log');
  writeFileSync(log, '');
  let written = 0;
  const write = (count: number): void => {
    const lines = Array.from({ length: count }, () => `line ${++written}\n`);
    appendFileSync(log, lines.join(''));
  };
  const rotate = (): void => {
    for (const to of [4, 3, 2])
      if (existsSync(`${log}.${to - 1}`)) renameSync(`${log}.${to - 1}`, `${log}.${to}`);
    renameSync(log, `${log}.1`);
    writeFileSync(log, '');
  };
  let dir = path.join(folder.path, 'spool-0');
  for (let kill = 1; kill <= 12; kill++) {
    const image = path.join(folder.path, `spool-${kill}`);
    {
      await using reading = await read(dir, log);
      for (let i = 0; i < 3; i++) {
        write(7);
        if (written % 3 === 0) rotate();
        await until('more lines', () => reading.count() > 0);
      }
      // What a killed process leaves: the files as they are at this instant, whatever it still had in mind.
      cpSync(dir, image, { recursive: true });
      rmSync(path.join(image, 'in-use-by'), { force: true });
      write(5);
    }
    dir = image;
  }
  await using last = await read(dir, log);
  write(1);
  const lines: string[] = [];
  await until('the last line', async () => {
    lines.push(...(await spooledLines(last.spool)));
    return lines.includes(`line ${written}`);
  });
  expect(lines.toSorted(byNumber)).toEqual(Array.from({ length: written }, (_, i) => `line ${i + 1}`));
});

function byNumber(a: string, b: string): number {
  return Number(a.slice(5)) - Number(b.slice(5));
}
