/** The loop over a machine whose clocks a test moves: suspends, steps of the clock, slow tiers, disposal. */
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../../../collect/metrics/clock.ts';
import { CollectingLoop } from '../../../../collect/metrics/collecting-loop.ts';
import { LinuxMachine } from '../../../../collect/metrics/linux/linux-machine.ts';
import type { MachineSource } from '../../../../collect/metrics/machine-source.ts';
import { streamEvents, type Observation } from '../../../../shared/events.ts';
import { KernelTree } from '../../../support/kernel-tree.ts';
import { until } from '../../../support/until.ts';
import { modern } from './linux/kernels.ts';

const HOUR_MS = 3_600_000;

/** The machine's clocks, each of which can be put forward or back. */
class MovableClock implements Clock {
  wallOffsetMs = 0;
  uptimeOffsetMs = 0;
  monotonicOffsetMs = 0;
  readonly monotonicStopsAsleep = true;
  wallMs = () => systemClock.wallMs() + this.wallOffsetMs;
  monotonicMs = () => systemClock.monotonicMs() + this.monotonicOffsetMs;
  uptimeMs = () => systemClock.monotonicMs() + this.uptimeOffsetMs + this.monotonicOffsetMs;
}

let open = new AsyncDisposableStack();
afterEach(async () => {
  await open.disposeAsync();
  open = new AsyncDisposableStack();
});

function loopOver(source: MachineSource, clock: Clock) {
  const observations: Observation[] = [];
  const loop = open.use(
    new CollectingLoop({
      host: 'h',
      // Only the test ticks.
      intervalMs: HOUR_MS,
      processesIntervalMs: null,
      filesystemsIntervalMs: 10_000,
      sensorsIntervalMs: 10_000,
      clock,
      source,
    }),
  );
  const of = <Name extends Observation['name']>(name: Name) =>
    observations.filter((observation) => observation.name === name) as Extract<Observation, { name: Name }>[];
  const start = () => loop.start((observation) => observations.push(observation));
  return { loop, observations, of, start };
}

async function startedOnTree() {
  const tree = open.use(new KernelTree({ ...modern, 'proc/self/mountinfo': '' }));
  const clock = new MovableClock();
  const started = loopOver(open.use(new LinuxMachine({ root: tree.root })), clock);
  await started.start();
  return { ...started, tree, clock };
}

/** Everything that was received, sent, switched and forked, jumps. */
function jump(tree: KernelTree): void {
  tree.write({
    'proc/net/dev': modern['proc/net/dev'].replace('563433642', '9563433642'),
    'proc/stat': modern['proc/stat'].replace('ctxt 1492766', 'ctxt 991492766'),
  });
}

describe('the collecting loop', () => {
  it('has a real sample when it has started, and everything it emits keeps the contract', async () => {
    const { observations, of } = await startedOnTree();
    expect(of('sample')).toHaveLength(1);
    expect(of('sample')[0]!.data.intervalMs).toBeGreaterThanOrEqual(249);
    await until('the slow tiers', () => of('filesystems').length > 0 && of('sensors').length > 0);
    for (const { name, data } of observations) streamEvents[name].schema.parse(data);
  });

  it('emits a gap for a suspend, and no spike after it', async () => {
    const { loop, of, tree, clock } = await startedOnTree();
    clock.wallOffsetMs += HOUR_MS;
    clock.uptimeOffsetMs += HOUR_MS;
    jump(tree);
    await loop.tick();
    const [gap, ...others] = of('gap');
    expect(others).toEqual([]);
    expect(gap!.data).toMatchObject({ host: 'h', channel: 'metrics', reason: 'asleep', count: null });
    expect(gap!.data.to - gap!.data.from).toBeGreaterThanOrEqual(HOUR_MS);
    const after = of('sample').at(-1)!.data;
    expect(of('sample')).toHaveLength(2);
    expect(after.intervalMs).toBeLessThan(HOUR_MS / 2);
    expect(after.interfaces.find((row) => row.interface === 'eth0')!.receiveBytesPerSecond).toBe(0);
    expect(after.kernel!.contextSwitchesPerSecond).toBe(0);
  });

  it('takes a step of the wall clock for nothing but a new time', async () => {
    const { loop, of, tree, clock } = await startedOnTree();
    for (const stepMs of [HOUR_MS, -2 * HOUR_MS]) {
      const before = of('sample').at(-1)!.data;
      clock.wallOffsetMs += stepMs;
      clock.monotonicOffsetMs += 1_000;
      jump(tree);
      await loop.tick();
      const after = of('sample').at(-1)!.data;
      expect(Math.abs(after.time - before.time)).toBeGreaterThan(HOUR_MS / 2);
      expect(after.intervalMs).toBeGreaterThanOrEqual(1_000);
      expect(after.intervalMs).toBeLessThan(HOUR_MS / 2);
    }
    expect(of('gap')).toEqual([]);
    // The first jump was really seen, as a rate over the time that had really passed.
    const seen = of('sample')[1]!.data;
    const [eth0] = seen.interfaces.filter((row) => row.interface === 'eth0');
    expect((eth0!.receiveBytesPerSecond * seen.intervalMs) / 9e12).toBeCloseTo(1, 4);
  });

  it('does not ask a slow tier again while it hangs, and goes on sampling', async () => {
    const tree = open.use(new KernelTree(modern));
    const machine = open.use(new LinuxMachine({ root: tree.root }));
    const clock = new MovableClock();
    let asked = 0;
    const hung = Promise.withResolvers<never[]>();
    const source: MachineSource = {
      wordBits: 64,
      inventory: () => machine.inventory(),
      read: (instant) => machine.read(instant),
      processes: () => null,
      sensors: () => machine.sensors(),
      filesystems: () => {
        asked++;
        return hung.promise;
      },
      [Symbol.asyncDispose]: async () => {},
    };
    const { loop, of, start } = loopOver(source, clock);
    await start();
    for (let tick = 0; tick < 3; tick++) {
      clock.monotonicOffsetMs += 60_000;
      await loop.tick();
    }
    expect(of('sample')).toHaveLength(4);
    expect(asked).toBe(1);
    hung.resolve([]);
    await until('the answer', () => of('filesystems').length === 1);
  });

  it('can be disposed while it starts, and is silent from then on', async () => {
    const tree = open.use(new KernelTree(modern));
    const { loop, observations, start } = loopOver(new LinuxMachine({ root: tree.root }), new MovableClock());
    const starting = start();
    await loop[Symbol.asyncDispose]();
    await starting;
    expect(observations).toEqual([]);
  });
});
