/** What a system's own log is: the program that prints it, and how a line of that is understood. */
import type { SourceState } from '../../../shared/schema/logs.ts';
import type { ToldEvent } from '../line-emitter.ts';
import type { SystemPositions } from './system-positions.ts';

export interface SystemLog {
  /** Of the source. */
  label: string;
  command: string;
  args(read: SystemPositions): string[];
  /** Null for what is no event. */
  parse(line: string): SystemEvent | null;
  /** What a complaint of the program means; null: nothing. */
  trouble(complaint: string): { state: SourceState; reason: string } | null;
  /** True: what was logged while nobody followed is not told any more. */
  forgets: boolean;
}

export interface SystemEvent {
  event: ToldEvent;
  log: string;
  /** In that log: see `SystemPositions`. */
  place: number;
}
