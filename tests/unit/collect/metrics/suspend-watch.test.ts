/** What is a sleep, and what only looks like one. */
import { describe, expect, it } from 'vitest';
import { createSuspendWatch } from '../../../../collect/metrics/suspend-watch.ts';

const awake = { wallMs: 1_000_000, monotonicMs: 500, uptimeMs: 90_000 };

function after(changes: { wall?: number; monotonic?: number; uptime?: number }) {
  const { wall = 1_000, monotonic = 1_000, uptime = 1_000 } = changes;
  return {
    wallMs: awake.wallMs + wall,
    monotonicMs: awake.monotonicMs + monotonic,
    uptimeMs: awake.uptimeMs + uptime,
  };
}

function slept(monotonicStopsAsleep: boolean, changes: Parameters<typeof after>[0]): number | null {
  const sleptSince = createSuspendWatch({ intervalMs: 1_000, monotonicStopsAsleep });
  expect(sleptSince(awake)).toBeNull();
  return sleptSince(after(changes));
}

describe('the suspend watch', () => {
  it('tells when the machine fell asleep', () => {
    expect(slept(true, { wall: 3_601_000, uptime: 3_601_000 })).toBe(awake.wallMs);
  });

  it('takes no step of the wall clock for a sleep, forward or back', () => {
    expect(slept(true, { wall: 3_601_000 })).toBeNull();
    expect(slept(true, { wall: -3_600_000 })).toBeNull();
    expect(slept(false, { wall: 3_601_000 })).toBeNull();
  });

  it('takes no late tick for a sleep where the monotonic clock would have stopped', () => {
    expect(slept(true, { wall: 60_000, monotonic: 60_000, uptime: 60_000 })).toBeNull();
  });

  it('takes a very late tick for a sleep where the monotonic clock goes on', () => {
    expect(slept(false, { wall: 60_000, monotonic: 60_000, uptime: 60_000 })).toBe(awake.wallMs);
    expect(slept(false, { wall: 9_000, monotonic: 9_000, uptime: 9_000 })).toBeNull();
  });

  it('does not mind the grain of uptime', () => {
    expect(slept(true, { uptime: 1_900 })).toBeNull();
  });
});
