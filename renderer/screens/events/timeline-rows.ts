/** What the Events screen lists: alerts, notes and happenings as rows of one kind, newest first, by day. */
import type { Alert } from '../../../shared/schema/alerts.ts';
import type { AuditEntry } from '../../../shared/schema/audit.ts';
import type { Note } from '../../../shared/schema/notes.ts';
import type { LogSource } from '../../../shared/schema/logs.ts';
import type { Gap } from '../../../shared/schema/stream.ts';
import type { HostStatus } from '../../../shared/schema/host.ts';
import type { TimelineEntry } from '../../store/timeline.ts';

interface Row {
  key: string;
  /** Epoch milliseconds. */
  time: number;
  /** Empty: about all hosts. */
  hosts: readonly string[];
}

export type TimelineRow =
  /** Several of one rule that fired together on hosts of their own, the first to fire first. */
  | (Row & { kind: 'alert'; alerts: readonly Alert[] })
  | (Row & { kind: 'note'; note: Note })
  /** Several of one status that changed together. */
  | (Row & { kind: 'status'; status: HostStatus })
  | (Row & { kind: 'gone'; name: string })
  | (Row & { kind: 'gap'; gap: Gap })
  | (Row & { kind: 'audit'; entry: AuditEntry })
  /** Several of one host and state that changed together. */
  | (Row & { kind: 'source'; sources: readonly LogSource[] });

/** `access`: of the audit log. */
export const rowFilters = ['all', 'alerts', 'notes', 'hosts', 'sources', 'access'] as const;
export type RowFilter = (typeof rowFilters)[number];

export interface TimelineDay {
  /** Epoch milliseconds of some moment of it. */
  time: number;
  rows: TimelineRow[];
}

/**
 * What changes within this time of each other is one row: the hosts behind one network, the log sources of a folder that is closed
 * to us.
 */
const TOGETHER_MS = 5_000;

/** Each in any order. */
export interface TimelineParts {
  entries: readonly TimelineEntry[];
  notes: readonly Note[];
  audit: readonly AuditEntry[];
  alerts: readonly Alert[];
}

export function timelineRows(
  { entries, notes, audit, alerts }: TimelineParts,
  filter: RowFilter,
): TimelineRow[] {
  const rows: TimelineRow[] = [
    ...alerts.map((alert): TimelineRow => ({
      kind: 'alert',
      key: `alert ${alert.id}`,
      time: alert.firedAt,
      hosts: [alert.host],
      alerts: [alert],
    })),
    ...notes.map((note): TimelineRow => ({
      kind: 'note',
      key: note.id,
      time: note.time,
      hosts: note.hosts ?? [],
      note,
    })),
    ...entries.map(rowOf),
    ...audit.map((entry): TimelineRow => ({
      kind: 'audit',
      key: `audit ${entry.id}`,
      time: entry.time,
      hosts: [],
      entry,
    })),
  ];
  const shown = rows.filter((row) => passes(row, filter)).sort((a, b) => b.time - a.time);
  return together(shown);
}

/** By the reader's days, newest first. */
export function byDay(rows: readonly TimelineRow[]): TimelineDay[] {
  const days: TimelineDay[] = [];
  for (const row of rows) {
    const day = days.at(-1);
    if (day && isSameDay(day.time, row.time)) day.rows.push(row);
    else days.push({ time: row.time, rows: [row] });
  }
  return days;
}

function rowOf(entry: TimelineEntry): TimelineRow {
  const { key, time } = entry;
  switch (entry.kind) {
    case 'status':
      return { kind: 'status', key, time, hosts: [entry.host], status: entry.status };
    case 'gone':
      return { kind: 'gone', key, time, hosts: [entry.host], name: entry.name };
    case 'gap':
      return {
        kind: 'gap',
        key,
        time,
        hosts: entry.gap.host === null ? [] : [entry.gap.host],
        gap: entry.gap,
      };
    case 'source':
      return { kind: 'source', key, time, hosts: [entry.source.host], sources: [entry.source] };
  }
}

function passes({ kind }: TimelineRow, filter: RowFilter): boolean {
  if (filter === 'all') return true;
  if (filter === 'alerts') return kind === 'alert';
  if (filter === 'notes') return kind === 'note';
  if (filter === 'sources') return kind === 'source';
  if (filter === 'access') return kind === 'audit';
  return kind === 'status' || kind === 'gone' || kind === 'gap';
}

function together(rows: readonly TimelineRow[]): TimelineRow[] {
  const result: TimelineRow[] = [];
  for (const row of rows) {
    const before = result.at(-1);
    const joined = before && joinedRow(before, row);
    if (joined) result[result.length - 1] = joined;
    else result.push(row);
  }
  return result;
}

/** Null where the two are rows of their own. */
function joinedRow(before: TimelineRow, row: TimelineRow): TimelineRow | null {
  if (before.kind === 'alert' && row.kind === 'alert') {
    const [a, b] = [before.alerts[0]!, row.alerts[0]!];
    const isTogether =
      a.measure === b.measure &&
      a.level === b.level &&
      before.time - row.time <= TOGETHER_MS &&
      !before.hosts.includes(b.host);
    return isTogether
      ? { ...row, hosts: [...row.hosts, ...before.hosts], alerts: [...row.alerts, ...before.alerts] }
      : null;
  }
  if (before.kind === 'source' && row.kind === 'source') {
    const [a, b] = [before.sources.at(-1)!, row.sources[0]!];
    const isTogether = a.host === b.host && a.state === b.state && a.since - b.since <= TOGETHER_MS;
    return isTogether ? { ...before, sources: [...before.sources, ...row.sources] } : null;
  }
  if (before.kind === 'status' && row.kind === 'status') {
    const isTogether = before.status === row.status && before.time - row.time <= TOGETHER_MS;
    // The time and the key of the first to change: the row stays where it is while others follow.
    return isTogether ? { ...row, hosts: [...new Set([...before.hosts, ...row.hosts])] } : null;
  }
  return null;
}

function isSameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
