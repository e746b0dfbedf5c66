/** The rules of a hub whose owner has not changed them, one per measure. */
import type { AlertRule } from '../../shared/schema/alerts.ts';

const MINUTE_MS = 60_000;

/** A busy CPU is no fault by itself: its rule waits to be armed. */
export const defaultRules: readonly AlertRule[] = [
  {
    measure: 'cpu',
    level: 'warn',
    isArmed: false,
    above: 90,
    forMs: 5 * MINUTE_MS,
    clearBelow: 80,
    clearForMs: 2 * MINUTE_MS,
  },
  {
    measure: 'memory',
    level: 'warn',
    isArmed: true,
    above: 95,
    forMs: 5 * MINUTE_MS,
    clearBelow: 90,
    clearForMs: 2 * MINUTE_MS,
  },
  {
    measure: 'disk',
    level: 'warn',
    isArmed: true,
    above: 90,
    forMs: MINUTE_MS,
    clearBelow: 88,
    clearForMs: MINUTE_MS,
  },
  {
    measure: 'offline',
    level: 'crit',
    isArmed: true,
    above: null,
    forMs: 2 * MINUTE_MS,
    clearBelow: null,
    clearForMs: 10_000,
  },
];
