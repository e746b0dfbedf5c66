/** A source's state as tone and shape; the word stands in the messages. */
import type { Shape, Tone } from '../../components/status.ts';
import type { SourceState } from '../../../shared/schema/logs.ts';

export const sourceLooks: Record<SourceState, { tone: Tone; shape: Shape }> = {
  following: { tone: 'ok', shape: 'circle' },
  waiting: { tone: 'off', shape: 'ring' },
  rotated: { tone: 'info', shape: 'arc' },
  lagging: { tone: 'warn', shape: 'half' },
  denied: { tone: 'warn', shape: 'triangle' },
  failed: { tone: 'crit', shape: 'octagon' },
};

/** States a person should look at. */
export function needsAttention(state: SourceState): boolean {
  return state === 'denied' || state === 'failed' || state === 'lagging';
}
