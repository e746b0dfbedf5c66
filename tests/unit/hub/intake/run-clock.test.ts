/** When a record was observed, by the hub's clock: through skew, jumps of either clock, slow ways and sleep. */
import { describe, expect, test } from 'vitest';
import { HubClock } from '../../../../hub/intake/hub-clock.ts';
import { RunClock } from '../../../../hub/intake/run-clock.ts';

const second = 1_000;
const start = 1_700_000_000_000;

/** A hub and an agent that sends once a second; all clocks turn by hand. */
class World {
  mono = 50_000;
  hubWall = start;
  ownMono = 0;
  /** Ahead of the hub by the skew. */
  ownWall: number;
  readonly hub: HubClock;
  readonly run: RunClock;

  constructor(skewMs = 0) {
    this.ownWall = start + skewMs;
    this.hub = new HubClock({ wall: () => this.hubWall, mono: () => this.mono });
    this.run = new RunClock(this.hub);
  }

  pass(ms: number, { isAsleep = false } = {}): void {
    this.mono += ms;
    this.hubWall += ms;
    this.ownWall += ms;
    if (!isAsleep) this.ownMono += ms;
  }

  /** Observes, and sends at once; it takes `wayMs`. Answers the time by the hub's clock, and the one that is true. */
  send(wayMs = 10): { time: number; truth: number } {
    const observed = { mono: this.ownMono, wall: this.ownWall, truth: this.hubWall };
    const sending = { sentAt: this.ownWall, sentMono: this.ownMono };
    this.pass(wayMs);
    this.run.hear(sending, this.hub.now());
    const time = this.run.observedAt(observed.mono, observed.wall);
    this.pass(second - wayMs);
    return { time, truth: observed.truth };
  }
}

function spacings(times: number[]): number[] {
  return times.slice(1).map((time, at) => time - times[at]!);
}

describe('a clock that is right', () => {
  test('is taken at its word, to the millisecond', () => {
    const world = new World(40);
    for (let turn = 0; turn < 20; turn++) {
      const { time, truth } = world.send(turn % 3 === 0 ? 120 : 10);
      expect(time).toBe(truth + 40);
    }
    expect(world.run.isCorrecting).toBe(false);
  });

  test('a batch that was long on its way is not taken for a wrong clock', () => {
    const world = new World();
    world.send();
    const { time, truth } = world.send(900);
    expect(time).toBe(truth);
    expect(Math.abs(world.run.skewMs!)).toBeLessThan(100);
  });

  test('nor is the first one of all', () => {
    const world = new World();
    for (const wayMs of [900, 600, 10, 10, 400, 10]) {
      const { time, truth } = world.send(wayMs);
      expect(time).toBe(truth);
      expect(world.run.isCorrecting).toBe(false);
    }
    expect(Math.abs(world.run.skewMs!)).toBeLessThan(100);
  });

  test('nor one that waited for its turn while others were heard', () => {
    const world = new World();
    world.send();
    const sending = { sentAt: world.ownWall, sentMono: world.ownMono };
    const arrivedAt = world.hub.now() + 10;
    for (let turn = 0; turn < 30; turn++) world.send();
    world.run.hear(sending, arrivedAt);
    expect(Math.abs(world.run.skewMs!)).toBeLessThan(20);
    const { time, truth } = world.send();
    expect(time).toBe(truth);
  });
});

describe('a clock that is wrong', () => {
  test.each([3_600_000, -3_600_000, 2_000, -2_100])('by %i ms is corrected, and told', (skewMs) => {
    const world = new World(skewMs);
    for (let turn = 0; turn < 20; turn++) {
      const { time, truth } = world.send();
      expect(Math.abs(time - truth)).toBeLessThan(50);
    }
    expect(Math.abs(world.run.skewMs! - skewMs)).toBeLessThan(50);
    expect(world.run.corrected(start + skewMs)).toBeCloseTo(start, -2);
  });

  test.each([-400, -1_900])(
    'by %i ms may be a slow way at first, and is followed without a spike',
    (skewMs) => {
      const world = new World(skewMs);
      const times = Array.from({ length: 120 }, () => world.send().time);
      // One step where it begins to be corrected.
      const steps = spacings(times).filter((spacing) => Math.abs(spacing - second) > 30);
      expect(steps).toHaveLength(1);
      expect(Math.abs(steps[0]! - second)).toBeLessThan(300);
      const { time, truth } = world.send();
      expect(Math.abs(time - truth)).toBeLessThan(50);
      expect(Math.abs(world.run.skewMs! - skewMs)).toBeLessThan(50);
    },
  );

  test('is corrected until it is near, not on and off', () => {
    const world = new World(300);
    world.send();
    expect(world.run.isCorrecting).toBe(true);
    world.ownWall -= 120;
    world.send();
    expect(world.run.isCorrecting).toBe(true);
    world.ownWall -= 130;
    world.send();
    expect(world.run.isCorrecting).toBe(false);
  });
});

describe('jumps', () => {
  test("of the agent's clock leave the times of its run evenly spaced", () => {
    const world = new World();
    const times: number[] = [];
    for (let turn = 0; turn < 40; turn++) {
      if (turn === 10) world.ownWall += 3_600_000;
      if (turn === 20) world.ownWall -= 3_605_000;
      if (turn === 30) world.ownWall += 5_000;
      times.push(world.send().time);
    }
    for (const spacing of spacings(times)) expect(Math.abs(spacing - second)).toBeLessThanOrEqual(30);
  });

  test("of the hub's clock do so too, and are made up for within minutes", () => {
    const world = new World();
    const times: number[] = [];
    for (let turn = 0; turn < 600; turn++) {
      if (turn === 10) world.hubWall += 5_000;
      times.push(world.send().time);
    }
    for (const spacing of spacings(times)) expect(Math.abs(spacing - second)).toBeLessThanOrEqual(300);
    const { time, truth } = world.send();
    expect(Math.abs(time - truth)).toBeLessThan(100);
  });

  test("a hub's clock that was set by an hour is followed at once", () => {
    const world = new World();
    world.send();
    world.hubWall += 3_600_000;
    world.ownWall += 3_600_000;
    const { time, truth } = world.send();
    expect(Math.abs(time - truth)).toBeLessThan(50);
  });

  test('records observed before a jump keep their place', () => {
    const world = new World(3_600_000);
    world.send();
    const before = { mono: world.ownMono, wall: world.ownWall, truth: world.hubWall };
    world.pass(10 * second);
    world.ownWall -= 3_600_000;
    world.send();
    expect(Math.abs(world.run.observedAt(before.mono, before.wall) - before.truth)).toBeLessThan(50);
  });
});

test('sleep stops the clock of a run, and what was observed on either side of it keeps its place', () => {
  const world = new World(3_000);
  for (let turn = 0; turn < 5; turn++) world.send();
  const before = { mono: world.ownMono, wall: world.ownWall, truth: world.hubWall };
  world.pass(second);
  world.pass(600 * second, { isAsleep: true });
  const { time, truth } = world.send();
  expect(Math.abs(time - truth)).toBeLessThan(50);
  expect(Math.abs(world.run.observedAt(before.mono, before.wall) - before.truth)).toBeLessThan(50);
});

test('the first batch after a sleep may be long on its way', () => {
  const world = new World(3_000);
  for (let turn = 0; turn < 5; turn++) world.send();
  world.pass(600 * second, { isAsleep: true });
  for (const wayMs of [900, 10]) {
    const { time, truth } = world.send(wayMs);
    expect(Math.abs(time - truth)).toBeLessThan(50);
  }
});

test('a clock that drifts is followed without a step', () => {
  const world = new World(60_000);
  const times: number[] = [];
  for (let turn = 0; turn < 2_000; turn++) {
    times.push(world.send().time);
    world.ownMono += 0.2;
  }
  for (const spacing of spacings(times)) expect(Math.abs(spacing - second)).toBeLessThanOrEqual(25);
  const { time, truth } = world.send();
  expect(Math.abs(time - truth)).toBeLessThan(150);
});

test('a way that is longer for good shows in the age of what comes by it', () => {
  const world = new World();
  for (let turn = 0; turn < 5; turn++) world.send(10);
  const mono = world.ownMono;
  world.pass(700);
  expect(world.run.ageOf(mono, world.hub.now())).toBeCloseTo(690, -2);
});
