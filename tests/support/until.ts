/** Waits on conditions, never on time. */

import { setTimeout as sleep } from 'node:timers/promises';

/** Most time a condition may take before the test is told what it waited for. */
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 5;

/** Resolves with the condition's first value that is neither false, null nor undefined. */
export async function until<Value>(
  what: string,
  condition: () => Value | false | null | undefined | Promise<Value | false | null | undefined>,
  patienceMs = PATIENCE_MS,
): Promise<Value> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const value = await condition();
    if (value !== false && value !== null && value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`Waited ${patienceMs} ms in vain for: ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}
