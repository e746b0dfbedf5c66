/** How the states of other tools look in lists. */
import type { TargetState } from '../../../shared/schema/interop.ts';
import { hostStatusLooks, type Shape, type Tone } from '../../components/status.ts';

export const targetLooks: Record<TargetState, { tone: Tone; shape: Shape }> = {
  connecting: hostStatusLooks.pairing,
  live: hostStatusLooks.live,
  waiting: hostStatusLooks.stale,
  refused: { tone: 'crit', shape: 'octagon' },
  paused: hostStatusLooks.paused,
};
