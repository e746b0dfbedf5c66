/** The fields of a range of one's own: local time as `<input type="datetime-local">` has it, and what is wrong with it. */
import { messages } from '../messages.ts';
import { MAX_SPAN_MS, type TimeSpan } from '../app/time-range.ts';

export interface RangeDraft {
  /** "2027-11-21T14:03:12", or without seconds; '' for none yet. */
  from: string;
  to: string;
}

/** Shorter than this there is nothing to see. */
const MIN_RANGE_MS = 5_000;

export function draftOf({ from, to }: TimeSpan): RangeDraft {
  return { from: localText(from), to: localText(to) };
}

/**
 * The span that the fields name, or a sentence why they name none. What reaches past now ends now. `shown`: what is shown already, which a
 * field means as long as it says the same: of an hour that the clock has twice a text alone does not say which.
 */
export function spanOfDraft(
  draft: RangeDraft,
  now: number,
  shown: TimeSpan | null = null,
): { span: TimeSpan } | { fault: string } {
  const words = messages.time.range;
  const from = timeOf(draft.from, shown?.from);
  const to = timeOf(draft.to, shown?.to);
  if (Number.isNaN(from) || Number.isNaN(to)) return { fault: words.incomplete };
  if (from >= now) return { fault: words.future };
  const end = Math.min(to, now);
  if (end <= from) return { fault: words.reversed };
  if (end - from < MIN_RANGE_MS) return { fault: words.tooShort };
  if (end - from > MAX_SPAN_MS) return { fault: words.tooLong };
  return { span: { from, to: end } };
}

/** A span as long, by this share of its length later (below 0: earlier); never past now. */
export function shifted({ from, to }: TimeSpan, share: number, now: number): TimeSpan {
  const by = Math.min(share * (to - from), now - to);
  return { from: from + by, to: to + by };
}

/** A span of `factor` times the length around the same middle, or before now where that would be past it. */
export function scaled({ from, to }: TimeSpan, factor: number, now: number): TimeSpan {
  const length = Math.min(MAX_SPAN_MS, Math.max(MIN_RANGE_MS, factor * (to - from)));
  const end = Math.min(now, (from + to) / 2 + length / 2);
  return { from: end - length, to: end };
}

function timeOf(text: string, shown: number | undefined): number {
  return shown !== undefined && text === localText(shown)
    ? Math.floor(shown / 1000) * 1000
    : Date.parse(text);
}

/** To the second, in local time. */
function localText(time: number): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
