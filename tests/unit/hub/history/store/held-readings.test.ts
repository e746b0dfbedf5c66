/** Filesystems and sensors stand beside the samples that follow them, for as long as they can be true. */
import { expect, test } from 'vitest';
import { Recorder } from '../../../../../hub/history/store/tape/recorder.ts';
import { TapeIndex } from '../../../../../hub/history/store/tape/records.ts';
import type { Filesystems } from '../../../../../shared/schema/slow-tiers.ts';
import { filesystemsOf, sampleOf, sensorsOf } from '../../../../support/observations.ts';

const begin = 1_800_000_000_000;
const usedKey = 'filesystem./.used';

function taped() {
  const records: Buffer[] = [];
  const recorder = new Recorder((record) => records.push(record));
  const read = (...keys: string[]) => {
    const tape = Buffer.concat(records);
    const index = new TapeIndex();
    index.extend(tape);
    const rows: (number | null)[][] = [];
    index.visit(tape, 'web-1', {
      processes: () => undefined,
      row(layout, time, values) {
        const valueOf = (key: string) => values[layout.keys.indexOf(key)] ?? NaN;
        const told = keys.map(valueOf).map((value) => (Number.isNaN(value) ? null : value));
        rows.push([(time - begin) / 1_000, ...told]);
      },
    });
    return rows;
  };
  const sample = (second: number, intervalMs = 1_000) =>
    recorder.sample(sampleOf('web-1', 0, { time: begin + second * 1_000, intervalMs }));
  return { recorder, records, read, sample };
}

function used(second: number, usedBytes: number): Filesystems {
  const [mount] = filesystemsOf().mounts;
  return { host: 'web-1', time: begin + second * 1_000, mounts: [{ ...mount!, usedBytes }] };
}

test('a reading holds for the samples after it, until three are missing', () => {
  const { recorder, sample, read } = taped();
  sample(0);
  recorder.filesystems(used(0, 100));
  for (const second of [1, 9]) sample(second);
  recorder.filesystems(used(10, 200));
  for (const second of [10, 39, 40, 41, 60]) sample(second);
  recorder.filesystems(used(61, 300));
  sample(61);
  expect(read(usedKey)).toEqual([
    [0, null],
    [1, 100],
    [9, 100],
    [10, 200],
    [39, 200],
    [40, 200],
    [41, null],
    [60, null],
    [61, 300],
  ]);
});

test('a host that samples once a minute reads no more often', () => {
  const { recorder, sample, read } = taped();
  recorder.filesystems(used(0, 100));
  for (const second of [60, 120, 180, 240]) sample(second, 60_000);
  expect(read(usedKey)).toEqual([
    [60, 100],
    [120, 100],
    [180, 100],
    [240, null],
  ]);
});

test('each host and each kind has its own, and what is forgotten is gone', () => {
  const { recorder, sample, read } = taped();
  recorder.filesystems({ ...used(0, 7), host: 'db-1' });
  recorder.sensors({ ...sensorsOf(), time: begin });
  sample(1);
  recorder.filesystems(used(30, 100));
  sample(35);
  recorder.forget('web-1');
  sample(36);
  expect(read(usedKey, 'temperature.Package.celsius', 'fan.cpu.rpm')).toEqual([
    [1, null, 51.5, 1_200],
    [35, 100, null, null],
    [36, null, null, null],
  ]);
});

test('what came late stands beside late samples, what is of now beside those of now', () => {
  const { recorder, sample, read } = taped();
  recorder.filesystems(used(1_000, 900));
  sample(1_000);
  recorder.filesystems(used(100, 100));
  sample(101);
  sample(1_001);
  recorder.filesystems(used(110, 110));
  sample(111);
  // From before what came late: nothing of it is known.
  sample(90);
  recorder.filesystems(used(1_010, 910));
  sample(1_005);
  expect(read(usedKey)).toEqual([
    [1_000, 900],
    [101, 100],
    [1_001, 900],
    [111, 110],
    [90, null],
    [1_005, 900],
  ]);
});

test('columns that came late have them too; one layout does for all that stays', () => {
  const { recorder, records, sample, read } = taped();
  recorder.filesystems(used(0, 100));
  const times = [1, 2].map((second) => begin + second * 1_000);
  recorder.columns({ host: 'web-1', intervalMs: 1_000, times, series: { 'cpu.user': [1, 2] } }, () => true);
  expect(read('cpu.user', usedKey)).toEqual([
    [1, 1, 100],
    [2, 2, 100],
  ]);
  sample(3);
  const before = records.length;
  recorder.filesystems(used(10, 200));
  sample(11);
  sample(90);
  expect(records.length - before).toBe(2);
});
