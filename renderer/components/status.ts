/** Tones and shapes of a status, and the ones each host status wears. */
import type { HostStatus } from '../../shared/schema/host.ts';
import { messages } from '../messages.ts';

export type Tone = 'ok' | 'info' | 'warn' | 'crit' | 'off';
export type Shape =
  | 'circle'
  | 'diamond'
  | 'triangle'
  | 'octagon'
  | 'ring'
  | 'dashed'
  | 'half'
  | 'arc'
  | 'moon'
  | 'bars'
  | 'wrench';

/** The shape a tone has where nothing more exact is known. */
export const toneShapes: Record<Tone, Shape> = {
  ok: 'circle',
  info: 'diamond',
  warn: 'triangle',
  crit: 'octagon',
  off: 'ring',
};

/** Those of a single filled outline, as paths of 12 by 12: for elements and for canvases. */
export const filledShapes = {
  diamond: 'M6 .6 11.4 6 6 11.4.6 6Z',
  triangle: 'M6 1.2 11.5 10.8H.5Z',
  octagon: 'M3.7.5h4.6L11.5 3.7v4.6L8.3 11.5H3.7L.5 8.3V3.7Z',
} as const satisfies Partial<Record<Shape, string>>;

export interface StatusLook {
  tone: Tone;
  shape: Shape;
  word: string;
  /** Of an arc: how much of it is filled, 0-100. Default: three quarters. */
  percent?: number;
}

const words = messages.hostStatus;

export const hostStatusLooks: Record<HostStatus, StatusLook> = {
  pairing: { tone: 'info', shape: 'dashed', word: words.pairing },
  live: { tone: 'ok', shape: 'circle', word: words.live },
  stale: { tone: 'warn', shape: 'half', word: words.stale },
  offline: { tone: 'off', shape: 'ring', word: words.offline },
  backfilling: { tone: 'info', shape: 'arc', word: words.backfilling },
  asleep: { tone: 'off', shape: 'moon', word: words.asleep },
  paused: { tone: 'off', shape: 'bars', word: words.paused },
  incompatible: { tone: 'crit', shape: 'wrench', word: words.incompatible },
};
