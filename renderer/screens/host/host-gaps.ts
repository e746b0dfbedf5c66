/** Why a stretch of a host's charts is empty: by the stream, by what is so just now, and by what the hub kept of it. */
import type { Connection } from '../../stream/connection.ts';
import type { PastSeries } from '../../app/past-series.ts';
import type { KnownGap, TimeSpan } from '../../charts/chart-board.ts';
import { hostStatusLooks } from '../../components/status.ts';
import type { HostState } from '../../store/host-state.ts';
import type { HistoryGapReason } from '../../../shared/schema/history.ts';
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
  removed: 'removed',
  'hub-stopped': 'hub stopped',
  'not-stored': 'not stored',
  'before-first': 'before the first sample',
  'past-retention': 'no longer kept',
  'not-shared': 'not shared',
  'not-yet': null,
  unknown: null,
};
/** An agent may have kept what is missing there: while it sends what it kept, that may be on its way. */
const fillable: ReadonlySet<string> = new Set(['offline', 'hub-stopped', 'unknown']);
const expected: readonly HistoryGapReason[] = ['before-first', 'past-retention', 'not-shared', 'not-yet'];

export function hostGapIn({ state, past, connection }: HostGapsOptions, span: TimeSpan): KnownGap | null {
  const isCatchingUp = state.host.value.status === 'backfilling';
  const reasonFor = (reason: string, words: string | null): string | null =>
    isCatchingUp && fillable.has(reason) ? messages.catchingUp(words) : words;
  const told = streamGap(state.gaps.value, span);
  if (told !== null) {
    const { from, to, reason } = told;
    return { from, to, reason: reasonFor(reason, messages.gapReasons[reason]), isExpected: false };
  }
  const present = presentReason(state, connection(), span);
  if (present !== null) return { ...span, reason: present, isExpected: false };
  const kept = past.gapIn(state.id, span.from, span.to);
  if (kept === null) return null;
  const { from, to, reason } = kept;
  return {
    from,
    to,
    reason: reasonFor(reason, keptReasons[reason]),
    isExpected: expected.includes(reason),
  };
}

/** The gap that the stream told of in this span, the newest first. */
export function streamGap(gaps: readonly Gap[], span: TimeSpan): Gap | null {
  const isHere = ({ channel, from, to }: Gap): boolean =>
    channel === 'metrics' && from <= span.to && to >= span.from;
  return gaps.findLast(isHere) ?? null;
}

/** Of a gap that is still open: the page's own stream first, then what the hub says of the host. */
function presentReason(
  { sample, host }: HostGapsOptions['state'],
  { phase }: Connection,
  span: TimeSpan,
): string | null {
  // Of a host that was never heard here, what is so now says nothing of before it began to be so.
  const last = sample.value?.time ?? host.value.lastSeen ?? host.value.statusSince;
  if (span.to <= last) return null;
  if (phase !== 'live' && phase !== 'catching-up') return messages.disconnected;
  const { status } = host.value;
  return status === 'live' ? null : hostStatusLooks[status].word.toLowerCase();
}
