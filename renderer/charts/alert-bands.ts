/** The alerts of a chart as stretches of time: what is tinted, where it fired, and the amounts it fires above. */
import type { Alert, AlertLevel, AlertMeasure } from '../../shared/schema/alerts.ts';
import type { TimeSpan } from './chart-board.ts';

export interface AlertSegment extends TimeSpan {
  level: AlertLevel;
  /** It held already, and had not fired yet. */
  isLead: boolean;
}

export interface AlertLimit extends TimeSpan {
  level: AlertLevel;
  /** Percent. */
  above: number;
}

export interface AlertSign {
  /** When it fired, or where the chart begins. */
  time: number;
  level: AlertLevel;
}

export interface AlertBands {
  /** None of them over another: of what overlaps the worst is seen, and nothing becomes darker. */
  segments: readonly AlertSegment[];
  limits: readonly AlertLimit[];
  /** By time. */
  signs: readonly AlertSign[];
}

const none: AlertBands = { segments: [], limits: [], signs: [] };

/** Strongest first. */
const kinds: readonly Omit<AlertSegment, keyof TimeSpan>[] = [
  { level: 'crit', isLead: false },
  { level: 'warn', isLead: false },
  { level: 'crit', isLead: true },
  { level: 'warn', isLead: true },
];

/** What fires goes on until `now`, in epoch milliseconds. `measure`: the one that the chart shows; null: none. */
export function alertBands(
  alerts: readonly Alert[],
  measure: AlertMeasure | null,
  { from, to }: TimeSpan,
  now: number,
): AlertBands {
  const seen = alerts.filter(({ since, endedAt }) => since <= to && (endedAt ?? Infinity) >= from);
  if (seen.length === 0) return none;
  const clipped = (start: number, end: number): TimeSpan => ({
    from: Math.max(from, start),
    to: Math.min(to, end),
  });
  const segments: AlertSegment[] = [];
  let covered: TimeSpan[] = [];
  for (const kind of kinds) {
    const own = joined(
      seen
        .filter(({ level }) => level === kind.level)
        .map(({ since, firedAt, endedAt }) =>
          kind.isLead ? clipped(since, firedAt) : clipped(firedAt, endedAt ?? now),
        ),
    );
    segments.push(...without(own, covered).map((span) => ({ ...span, ...kind })));
    covered = joined([...covered, ...own]);
  }
  return {
    segments: segments.sort((a, b) => a.from - b.from),
    limits: limitsOf(seen, measure, (alert) => clipped(alert.since, alert.endedAt ?? now)),
    signs: seen
      .filter(({ firedAt }) => firedAt <= to)
      .map(({ firedAt, level }) => ({ time: Math.max(from, firedAt), level }))
      .sort((a, b) => a.time - b.time),
  };
}

function limitsOf(
  alerts: readonly Alert[],
  measure: AlertMeasure | null,
  spanOf: (alert: Alert) => TimeSpan,
): AlertLimit[] {
  const own = alerts.filter((alert) => alert.measure === measure);
  const amounts = new Set(own.flatMap(({ above }) => above ?? []));
  return [...amounts].flatMap((above) => {
    const same = own.filter((alert) => alert.above === above);
    const level = same.some((alert) => alert.level === 'crit') ? 'crit' : 'warn';
    return joined(same.map(spanOf)).map((span) => ({ ...span, above, level }));
  });
}

/** Ascending, none of them empty, and what touches is one. */
function joined(spans: readonly TimeSpan[]): TimeSpan[] {
  const whole: TimeSpan[] = [];
  const ascending = spans.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from);
  for (const { from, to } of ascending) {
    const last = whole.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else whole.push({ from, to });
  }
  return whole;
}

/** The parts of `spans` that none of `others` covers; both as `joined` answers them. */
function without(spans: readonly TimeSpan[], others: readonly TimeSpan[]): TimeSpan[] {
  return spans.flatMap(({ from, to }) => {
    const parts: TimeSpan[] = [];
    let start = from;
    for (const other of others) {
      if (other.to <= start || other.from >= to) continue;
      if (other.from > start) parts.push({ from: start, to: other.from });
      start = other.to;
    }
    if (start < to) parts.push({ from: start, to });
    return parts;
  });
}
