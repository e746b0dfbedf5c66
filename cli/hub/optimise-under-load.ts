/**
 * V8's compilers, only when they pay. A hub that measures one machine once a second runs just as well on V8's
 * interpreter (0.3 % of a core either way), and saves the 10 MB that the compilers and their code take. A hub with
 * many readers needs them: they are off at first (cli/launcher/node-flags.mjs), and switched on for good when this
 * process has been busy for a while.
 */
import { setFlagsFromString } from 'node:v8';

/** Share of one core that is "busy": several times what an idle hub takes, far below trouble. */
const BUSY_SHARE = 0.05;
const LOOK_EVERY_MS = 5_000;
/** In a row: starting, and a burst of log lines, are over before that. */
const BUSY_LOOKS = 2;

/** Disposed with the hub. */
export function optimiseUnderLoad(): Disposable {
  let before = process.cpuUsage();
  let busyLooks = 0;
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    const isBusy = user + system >= BUSY_SHARE * LOOK_EVERY_MS * 1_000;
    busyLooks = isBusy ? busyLooks + 1 : 0;
    if (busyLooks < BUSY_LOOKS) return;
    // All are looked at whenever a function might tier up, so they may change while the program runs.
    for (const flag of ['--opt', '--maglev', '--sparkplug']) setFlagsFromString(flag);
    clearInterval(timer);
  }, LOOK_EVERY_MS);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
