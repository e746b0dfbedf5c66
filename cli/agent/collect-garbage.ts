/**
 * Collects garbage now and then. A program that leaves little of it is collected by V8 only after some minutes, and holds 3 to 5 MB
 * until then; an agent is to be small at any time.
 */

/** One collection takes about 5 ms. */
const EVERY_MS = 20_000;

/** Does nothing where Node was started without --expose-gc. Disposed with the agent. */
export function collectGarbage(): Disposable {
  const timer = setInterval(() => void globalThis.gc?.({ type: 'major', execution: 'sync' }), EVERY_MS);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
