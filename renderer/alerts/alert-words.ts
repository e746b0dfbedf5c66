/** An alert in words. The names of mounts come from outside: they are shown, whatever they hold. */
import type { Alert, AlertLevel } from '../../shared/schema/alerts.ts';
import { visibleText } from '../../shared/visible-text.ts';
import type { Shape, Tone } from '../components/status.ts';
import { formatDuration, formatMoment } from '../format/time.ts';
import { formatPercent } from '../format/units.ts';
import { alertMessages as words } from './alert-messages.ts';

/** What it is about: "Memory", "Disk /var/log", "Offline". */
export function alertSubject({ measure, subject }: Pick<Alert, 'measure' | 'subject'>): string {
  const name = words.measures[measure];
  return subject === null ? name : `${name} ${visibleText(subject)}`;
}

/** "Memory 97.2 % (over 95 %)", "Offline"; of one that ended "Memory was over 95 % (up to 97.2 %)", "Was offline". */
export function alertHead({ measure, subject, endedAt, above, peak }: Alert): string {
  const says = (endedAt === null ? words.fires : words.fired)[measure];
  return says(formatPercent(peak), formatLimit(above), visibleText(subject ?? ''));
}

/** What follows the head: "for 6 min", "for 6 min, acknowledged", "for 12 min, until 14:10". `now`: epoch milliseconds. */
export function alertMore(alert: Alert, now: number): string {
  const { since, endedAt, ending, acknowledgedAt } = alert;
  const parts = [words.forSoLong(formatDuration(Math.max(0, (endedAt ?? now) - since) / 1_000))];
  if (endedAt !== null)
    parts.push((ending === 'dropped' ? words.dropped : words.until)(formatMoment(endedAt, now)));
  else if (acknowledgedAt !== null) parts.push(words.acknowledged);
  return parts.join(', ');
}

/** Head and more: "Memory 97.2 % (over 95 %) for 6 min". */
export function alertSentence(alert: Alert, now: number): string {
  return `${alertHead(alert)} ${alertMore(alert, now)}`;
}

export interface AlertLook {
  tone: Extract<Tone, AlertLevel>;
  shape: Extract<Shape, 'triangle' | 'octagon'>;
}

const looks: Record<AlertLevel, AlertLook> = {
  warn: { tone: 'warn', shape: 'triangle' },
  crit: { tone: 'crit', shape: 'octagon' },
};

export function alertLook({ level }: Pick<Alert, 'level'>): AlertLook {
  return looks[level];
}

const limitFormat = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** "95 %": somebody chose it, mostly a whole number. */
export function formatLimit(percent: number | null): string {
  return percent === null ? formatPercent(null) : `${limitFormat.format(percent)} %`;
}
