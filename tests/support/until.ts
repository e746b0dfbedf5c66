/** Waits on conditions, never on time. */

import { setTimeout as sleep } from 'node:timers/promises';

/** Most time a condition may take before the test is told what it waited for. */
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 5;
/** A look that costs much, at a page or a hub, is taken less often: looking has a quarter of the time, what is waited for the rest. */
const REST_PER_LOOK = 3;
const LONGEST_REST_MS = 100;

/** Resolves with the condition's first value that is neither false, null nor undefined. */
export async function until<Value>(
  what: string,
  condition: () => Value | false | null | undefined | Promise<Value | false | null | undefined>,
  patienceMs = PATIENCE_MS,
): Promise<Value> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const lookedAt = performance.now();
    const value = await condition();
    if (value !== false && value !== null && value !== undefined) return value;
    const now = performance.now();
    if (now > deadline) throw new Error(`Waited ${patienceMs} ms in vain for: ${what}`);
    await sleep(Math.max(LOOK_EVERY_MS, Math.min(REST_PER_LOOK * (now - lookedAt), LONGEST_REST_MS)));
  }
}
