/** The hub's time on a page whose own clock may be wrong. */
import { describe, expect, it } from 'vitest';
import { createHubClock } from '../../../../renderer/store/hub-clock.ts';

describe('the hub clock', () => {
  it('tells the hub time by the monotonic clock, whatever the wall clock of this machine says', () => {
    let monotonic = 1_000;
    const clock = createHubClock({ monotonicNow: () => monotonic, wallNow: () => 5_000 });
    expect(clock.now()).toBe(5_000);
    clock.correct(900_000, true);
    monotonic += 250;
    expect(clock.now()).toBe(900_250);
  });

  it('trusts the message that was least delayed', () => {
    let monotonic = 0;
    const clock = createHubClock({ monotonicNow: () => monotonic, wallNow: () => 0 });
    clock.correct(100_000, true);
    monotonic = 15_000;
    clock.correct(115_000 - 4_000);
    expect(clock.now()).toBe(115_000);
  });

  it('follows a hub clock that was set back, within four heartbeats or at the next stream', () => {
    let monotonic = 0;
    const clock = createHubClock({ monotonicNow: () => monotonic, wallNow: () => 0 });
    clock.correct(100_000, true);
    for (let beat = 1; beat <= 4; beat++) {
      monotonic += 15_000;
      clock.correct(40_000 + monotonic);
    }
    expect(clock.now()).toBe(100_000);
    clock.correct(7_000, true);
    expect(clock.now()).toBe(7_000);
  });
});
