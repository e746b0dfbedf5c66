/** The portable source, which other platforms are measured by, tried on this one beside its own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../collect/metrics/clock.ts';
import { CollectingLoop } from '../../collect/metrics/collecting-loop.ts';
import { LinuxMachine } from '../../collect/metrics/linux/linux-machine.ts';
import { PortableMachine } from '../../collect/metrics/portable/portable-machine.ts';
import { streamEvents, type Observation, type StreamEventOf } from '../../shared/events.ts';
import { inventory } from '../../shared/schema/host.ts';
import { burnCoreAndHold, type MachineLoad } from '../support/machine-load.ts';
import { until } from '../support/until.ts';

/** It spawns dozens of tools for one sample. */
const PATIENCE_MS = 18_000;

describe('the portable source', () => {
  let load: MachineLoad;
  let loop: CollectingLoop;
  const observations: Observation[] = [];

  beforeEach(async () => {
    load = await burnCoreAndHold(100 * 1024 * 1024);
    observations.length = 0;
    loop = new CollectingLoop({
      host: 'here',
      intervalMs: 1_000,
      processesIntervalMs: 1_000,
      filesystemsIntervalMs: 1_000,
      sensorsIntervalMs: 1_000,
      clock: systemClock,
      source: new PortableMachine(),
    });
    await loop.start((observation) => observations.push(observation));
  });
  afterEach(async () => {
    await loop[Symbol.asyncDispose]();
    await load[Symbol.asyncDispose]();
  });

  function of<Name extends Observation['name']>(name: Name): StreamEventOf<Name>[] {
    return observations.filter((one) => one.name === name) as StreamEventOf<Name>[];
  }

  it('keeps the contract in everything it emits', async () => {
    await until(
      'two samples and every slow tier',
      () => {
        const tiers = (['processes', 'filesystems', 'sensors'] as const).every((name) => of(name).length > 0);
        return tiers && of('sample').length > 1;
      },
      PATIENCE_MS,
    );
    for (const { name, data } of observations) streamEvents[name].schema.parse(data);
    const { cpu } = of('sample').at(-1)!.data;
    const { user, nice, system, idle, iowait, irq, softirq, steal } = cpu;
    expect(user + nice + system + idle + iowait + irq + softirq + steal).toBeCloseTo(100, 6);
    expect(Math.max(...cpu.cores)).toBeGreaterThan(50);
    expect(
      of('processes')
        .at(-1)!
        .data.rows.some(({ pid }) => pid === load.pid),
    ).toBe(true);
  });

  it.skipIf(process.platform !== 'linux')('agrees with the Linux source', async () => {
    await using linux = new LinuxMachine({ root: '/' });
    const [own, portable] = await Promise.all([linux.inventory(), loop.inventory()]);
    inventory.parse(portable);
    expect(portable).toMatchObject({
      coreCount: own.coreCount,
      memoryBytes: own.memoryBytes,
      kernel: own.kernel,
    });
    expect(Math.abs(portable.bootTime - own.bootTime)).toBeLessThan(5_000);
    await until('a sample', () => of('sample').length > 0, PATIENCE_MS);
    const { memory } = of('sample').at(-1)!.data;
    const told = linux.read({ wallMs: 0, monotonicMs: 0, uptimeMs: 0 }).memory;
    expect(memory.totalBytes).toBe(told.totalBytes);
    expect(Math.abs(memory.availableBytes - told.availableBytes)).toBeLessThan(told.totalBytes / 10);
  });
});
