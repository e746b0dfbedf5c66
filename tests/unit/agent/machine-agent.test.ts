/** The agent on the machine the test runs on: in which order it tells what. */
import { expect, test } from 'vitest';
import { createMachineAgent } from '../../../agent/machine-agent.ts';
import { systemClock, type Clock } from '../../../collect/metrics/clock.ts';
import type { ObservationSink } from '../../../shared/observer.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

/** Notes what it is told: `describe`, or an observation's name. */
function recorder() {
  const told: string[] = [];
  const sink: ObservationSink = {
    describe: () => told.push('describe'),
    observe: ({ name }) => told.push(name),
  };
  return { told, sink };
}

function agentWith(dataDir: string, clock: Clock) {
  return createMachineAgent({
    version: '0.0.0-test',
    dataDir,
    name: 'this-machine',
    intervalMs: 100,
    processesIntervalMs: 60_000,
    logs: { files: [], exclude: [], journal: false },
    clock,
  });
}

test('the host is described before its first sample, and the first sample is there when start resolves', async () => {
  await using folder = await makeTempFolder();
  const { told, sink } = recorder();
  await using agent = agentWith(folder.path, systemClock);
  await agent.start(sink);
  expect(told[0]).toBe('describe');
  expect(told).toContain('sample');
});

test('a machine that woke up is described anew', async () => {
  await using folder = await makeTempFolder();
  const { told, sink } = recorder();
  let asleepMs = 0;
  const clock: Clock = {
    ...systemClock,
    wallMs: () => systemClock.wallMs() + asleepMs,
    uptimeMs: () => systemClock.uptimeMs() + asleepMs,
    monotonicStopsAsleep: true,
  };
  await using agent = agentWith(folder.path, clock);
  await agent.start(sink);
  asleepMs = 3_600_000;
  await until(
    'the second description',
    () => told.lastIndexOf('describe') > told.indexOf('gap') && told.includes('gap'),
  );
  expect(told.filter((name) => name === 'describe')).toHaveLength(2);
});
