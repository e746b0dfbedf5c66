/** History in a real hub: what is observed is on the disk, read back through a thread, and still there after a restart. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { tapesIn } from '../../../../../hub/archive/archive-folder.ts';
import { HistoryStore } from '../../../../../hub/history/store/history-store.ts';
import { defaultLadder } from '../../../../../hub/history/store/ladder.ts';
import type { Sample } from '../../../../../shared/schema/sample.ts';
import { observedHost, processesOf, sampleOf } from '../../../../support/observations.ts';
import { startTestHub } from '../../../../support/start-test-hub.ts';
import { makeTempFolder } from '../../../../support/temp-folder.ts';

const never = new AbortController().signal;
const minute = 60_000;

function storeIn(dataDir: string, troubles: Error[] = []): HistoryStore {
  const report = (trouble: Error) => troubles.push(trouble);
  return new HistoryStore({ dataDir, maxBytes: 1024 ** 3, ladder: defaultLadder, report });
}

test('what a hub observed outlives it, late samples and process tables too', async () => {
  await using folder = await makeTempFolder();
  const now = Math.floor(Date.now() / minute) * minute;
  const samples: Sample[] = Array.from({ length: 60 }, (_, at) =>
    sampleOf('web-1', at, { time: now - minute + at * 1_000 }),
  );
  {
    await using hub = await startTestHub({ dataDir: folder.path });
    hub.sink.describe(observedHost('web-1'));
    for (const data of samples) hub.sink.observe({ name: 'sample', data });
    hub.sink.observe({ name: 'processes', data: { ...processesOf('web-1'), time: now } });
    hub.sink.observe({ name: 'processes', data: { ...processesOf('web-1'), time: now + 2_000 } });
  }
  const late = sampleOf('web-1', 7, { time: now - 3 * 24 * 60 * minute });
  await using store = storeIn(folder.path);
  store.takeSample(late);
  const query = { host: 'web-1', series: ['cpu.user', 'core.0.busy'], from: now - minute, to: now };
  for (const isKept of [false, true]) {
    if (isKept) await store.keep();
    const { series, start } = await store.buckets({ ...query, stepMs: 10_000 }, never);
    expect(start).toBe(now - minute);
    expect(series.map(({ key }) => key)).toEqual(query.series);
    expect([...series[0]!.count]).toEqual([10, 10, 10, 10, 10, 10]);
    expect([...series[0]!.last]).toEqual([9, 19, 29, 39, 49, 59].map((at) => samples[at]!.cpu.user));
    const old = await store.buckets({ ...query, from: late.time, to: late.time + 1, stepMs: 60_000 }, never);
    expect(old.series.find(({ key }) => key === 'cpu.user')?.mean).toEqual(Float64Array.of(late.cpu.user));
    const tables = await store.processes({ host: 'web-1', from: now - minute, to: now + minute }, never);
    expect(tables.map(({ time }) => time)).toEqual([now]);
    expect(await store.extent('web-1', never)).toEqual({
      oldest: expect.toSatisfy((time: number) => Math.abs(time - late.time) < minute) as number,
      newest: samples.at(-1)!.time,
      keptFrom: expect.toSatisfy(
        (from: number[]) => from.length === 5 && from[0]! <= now - minute,
      ) as number[],
    });
  }
  expect(tapesIn(path.join(folder.path, 'history'))).toEqual([]);
  expect(await store.extent('db-1', never)).toMatchObject({ oldest: null, newest: null });
});

test.skipIf(process.platform !== 'linux')(
  'a link into the past starts what answers its question',
  async () => {
    await using folder = await makeTempFolder();
    await using hub = await startTestHub({ dataDir: folder.path });
    // What another file left behind is none of this hub's.
    const before = new Set(readerThreads());
    const ours = () => readerThreads().filter((thread) => !before.has(thread));
    await fetch(`${hub.origin}/host/web-1`);
    expect(ours()).toEqual([]);
    await fetch(`${hub.origin}/host/web-1?from=${Date.now() - 60 * minute}&to=${Date.now()}`);
    await expect.poll(ours).toHaveLength(1);
  },
);

/** Of this process, as tools list them: by their numbers. */
function readerThreads(): string[] {
  const tasks = '/proc/self/task';
  return readdirSync(tasks).filter((task) => {
    try {
      return readFileSync(path.join(tasks, task, 'comm'), 'utf8').trim() === 'history-reader';
    } catch {
      // Ended meanwhile.
      return false;
    }
  });
}
