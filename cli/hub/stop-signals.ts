/** Told to stop: by Ctrl-C, by a supervisor, by a terminal that closed. */

/**
 * A terminal's Ctrl-C reaches this process directly and again through npm and the launcher: signals this close
 * together are one.
 */
const SAME_SIGNAL_MS = 500;

const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** Resolves at the first signal. At a second one the process ends at once, as the signal would have ended it. */
export function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | null = null;
    for (const [name, number] of Object.entries(signals)) {
      process.on(name, () => {
        if (first === null) {
          first = performance.now();
          resolve();
        } else if (performance.now() - first > SAME_SIGNAL_MS) {
          process.exit(128 + number);
        }
      });
    }
  });
}
