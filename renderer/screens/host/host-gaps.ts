/** Why a stretch of a host's charts is empty: by the stream, by what is so just now, and by what the hub kept of it. */
import type { Connection } from '../../stream/connection.ts';
import type { PastSeries } from '../../app/past-series.ts';
import type { KnownGap, TimeSpan } from '../../charts/chart-board.ts';
import { hostStatusLooks } from '../../components/status.ts';
import type { HostState } from '../../store/host-state.ts';
import type { HistoryGap, HistoryGapReason } from '../../../shared/schema/history.ts';
import type { Gap } from '../../../shared/schema/stream.ts';
import { hostMessages as messages } from './host-messages.ts';

export interface HostGapsOptions {
  state: Pick<HostState, 'id' | 'host' | 'sample' | 'gaps'>;
  past: Pick<PastSeries, 'gapIn'>;
  /** What the page's stream does now. */
  connection: () => Connection;
}

/** In a word or two; null: nothing was to be expected, or nobody knows. */
const keptReasons: Record<HistoryGapReason, string | null> = {
  ...messages.gapReasons,
  incompatible: 'incompatible agent',
  'hub-stopped': 'hub stopped',
  'not-stored': 'not stored',
  'before-first': null,
  'past-retention': 'no longer kept',
  'not-shared': 'not shared',
  'not-yet': null,
  unknown: null,
};
const expected: readonly HistoryGapReason[] = ['before-first', 'past-retention', 'not-shared', 'not-yet'];

export function hostGapIn({ state, past, connection }: HostGapsOptions, span: TimeSpan): KnownGap | null {
  const told = streamGap(state.gaps.value, span);
  if (told !== null) {
    return { from: told.from, to: told.to, reason: messages.gapReasons[told.reason], isExpected: false };
  }
  const present = presentReason(state, connection(), span);
  if (present !== null) return { ...span, reason: present, isExpected: false };
  const kept = past.gapIn(state.id, span.from, span.to);
  return kept && knownGap(kept);
}

/** The gap that the stream told of in this span, the newest first. */
export function streamGap(gaps: readonly Gap[], span: TimeSpan): Gap | null {
  const isHere = ({ channel, from, to }: Gap): boolean =>
    channel === 'metrics' && from <= span.to && to >= span.from;
  return gaps.findLast(isHere) ?? null;
}

function knownGap({ from, to, reason }: HistoryGap): KnownGap {
  return { from, to, reason: keptReasons[reason], isExpected: expected.includes(reason) };
}

/** Of a gap that is still open: the page's own stream first, then what the hub says of the host. */
function presentReason(
  { sample, host }: HostGapsOptions['state'],
  { phase }: Connection,
  span: TimeSpan,
): string | null {
  const last = sample.value?.time ?? host.value.lastSeen;
  if (last !== null && span.to <= last) return null;
  if (phase !== 'live' && phase !== 'catching-up') return messages.disconnected;
  const { status } = host.value;
  return status === 'live' ? null : hostStatusLooks[status].word.toLowerCase();
}
