/** One thing `watchline doctor` looks at. */
import type { Config } from '../../hub/config/config.ts';

export interface Finding {
  verdict: 'ok' | 'warn' | 'fail';
  /** What was found. */
  text: string;
  /** What to do about it; null where nothing need be done. */
  remedy: string | null;
}

export type Check = (config: Config) => Promise<Finding[]>;

export function ok(text: string): Finding {
  return { verdict: 'ok', text, remedy: null };
}

/** Watchline works, but shows less. */
export function warn(text: string, remedy: string): Finding {
  return { verdict: 'warn', text, remedy };
}

/** Watchline does not run so. */
export function fail(text: string, remedy: string): Finding {
  return { verdict: 'fail', text, remedy };
}
