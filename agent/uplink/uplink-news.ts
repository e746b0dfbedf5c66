/** What an uplink tells the person at its terminal. */
import type { WatchlineError } from '../../shared/errors.ts';
import type { BatchAnswer } from '../../shared/schema/uplink.ts';

export type Refusal = BatchAnswer['refused'][number];

export type UplinkNews =
  /** The first batch was taken, or the first one after trouble; `waiting`: records that were kept meanwhile. */
  | { kind: 'connected'; protocol: string; waiting: number }
  /** Another trouble than before. Collecting goes on. */
  | { kind: 'trouble'; trouble: WatchlineError; tryAgainMs: number }
  /** The hub will not have this record; told once per kind of reason. */
  | { kind: 'refused'; refusal: Refusal }
  /** By the host's owner; nothing is collected until it is over. */
  | { kind: 'paused' | 'resumed' };
