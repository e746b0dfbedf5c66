/** What the registry hands on to be kept: every sample, however late it comes, and each only once where it can tell. */
import { expect, test } from 'vitest';
import { HostRegistry, type MeasureTaker } from '../../../hub/hosts/host-registry.ts';
import {
  filesystemsOf,
  observedHost,
  processesOf,
  sampleOf,
  sensorsOf,
  startTime,
} from '../../support/observations.ts';

interface Taken extends MeasureTaker {
  readonly told: string[];
}

function taker(): Taken {
  const told: string[] = [];
  const second = (time: number) => (time - startTime) / 1_000;
  return {
    told,
    takeSample: ({ time }) => told.push(`sample ${second(time)}`),
    takeProcesses: ({ host }) => told.push(`processes of ${host}`),
    takeFilesystems: ({ time }) => told.push(`filesystems ${second(time)}`),
    takeSensors: ({ time }) => told.push(`sensors ${second(time)}`),
    takeColumns: ({ times }, isWanted) =>
      told.push(`columns ${times.filter(isWanted).map(second).join(' ')}`),
    forget: (host) => told.push(`forget ${host}`),
  };
}

test('samples live, late, recalled and of another hub, tables, and who is gone', () => {
  const measures = taker();
  const registry = new HostRegistry(
    () => undefined,
    () => null,
    () => undefined,
    measures,
  );
  registry.observe({ name: 'sample', data: sampleOf('web-1', 0) });
  expect(measures.told).toEqual([]);

  registry.describe(observedHost('web-1'));
  registry.observe({ name: 'sample', data: sampleOf('web-1', 10) });
  registry.observe({ name: 'processes', data: processesOf('web-1') });
  registry.observe({ name: 'filesystems', data: { ...filesystemsOf('web-1'), time: startTime } });
  registry.observe({ name: 'sensors', data: { ...sensorsOf('web-1'), time: startTime } });
  expect(measures.told.splice(0)).toEqual(['sample 10', 'processes of web-1', 'filesystems 0', 'sensors 0']);

  // No page holds these any more; they are kept all the same.
  const day = 24 * 3_600_000;
  registry.backfill('web-1', [sampleOf('web-1', 2), sampleOf('web-1', 1)], startTime + day);
  expect(measures.told.splice(0)).toEqual(['sample 1', 'sample 2']);
  // What was read holds for the samples after it.
  const read = { name: 'filesystems', data: { ...filesystemsOf('web-1'), time: startTime + 1_500 } } as const;
  registry.backfill(
    'web-1',
    [1, 2].map((at) => sampleOf('web-1', at)),
    startTime + day,
    [read],
  );
  expect(measures.told.splice(0)).toEqual(['sample 1', 'filesystems 1.5', 'sample 2']);
  registry.remember('web-1', [{ name: 'sample', data: sampleOf('web-1', 3) }], startTime + day);
  expect(measures.told.splice(0)).toEqual(['sample 3']);

  // Of what another hub tells again, what is not held here.
  const times = [8, 10, 12].map((second) => startTime + second * 1_000);
  registry.fill(
    { host: 'web-1', intervalMs: 1_000, times, series: { 'cpu.user': [1, 2, 3] } },
    startTime + 20_000,
  );
  expect(measures.told.splice(0)).toEqual(['columns 8 12']);

  registry.forget('web-1');
  registry.forget('web-1');
  expect(measures.told).toEqual(['forget web-1']);
});
