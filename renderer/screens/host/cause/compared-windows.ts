/** The window that was chosen, and the time before it that it is compared with: the moment between them belongs to the window. */
import type { TimeSpan } from '../../../app/time-range.ts';

export interface ComparedWindows {
  window: TimeSpan;
  before: TimeSpan;
}

/** Series are compared with a minute at least: a few samples do not tell what is usual. */
const LEAST_BEFORE_MS = 60_000;

export function seriesWindows(window: TimeSpan): ComparedWindows {
  return precededBy(window, Math.max(LEAST_BEFORE_MS, window.to - window.from));
}

export function processWindows(window: TimeSpan): ComparedWindows {
  return precededBy(window, window.to - window.from);
}

function precededBy(window: TimeSpan, ms: number): ComparedWindows {
  return { window, before: { from: window.from - ms, to: window.from } };
}
