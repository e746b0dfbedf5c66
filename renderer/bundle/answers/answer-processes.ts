/**
 * `GET /api/v1/history/processes`, answered from a bundle: it holds what was running in parts of its window, and a window is answered by
 * the parts of which it covers at least half.
 */
import type { Bundle } from '../../../shared/bundle/bundle.ts';
import {
  historyProblems,
  MAX_PAST_PROCESSES,
  PAST_PROCESSES,
  type PastProcess,
  type PastProcesses,
  type ProcessUse,
} from '../../../shared/schema/history.ts';
import { countIn, RefusedQuestion, windowIn } from './query.ts';

type Use = { mean: number; max: number };

export function answerProcesses(bundle: Bundle, query: URLSearchParams): PastProcesses {
  const { head } = bundle;
  const host = query.get('host') ?? '';
  const window = windowIn(query, head);
  const limit = countIn(query, 'limit', PAST_PROCESSES, MAX_PAST_PROCESSES);
  const isKnown = bundle.events.some(({ name, data }) => name === 'host' && data.id === host);
  if (!isKnown)
    throw new RefusedQuestion(404, historyProblems.unknownHost, 'No such host is in this bundle.');
  const parts = bundle.processes.filter((part) => part.host === host);
  const whole = parts.find((part) => part.window.from === window.from && part.window.to === window.to);
  if (whole !== undefined) return { ...whole, rows: whole.rows.slice(0, limit) };

  const before = { from: 2 * window.from - window.to, to: window.from };
  // The answer about all of the window would count everything twice.
  const slices = parts.filter((part) => part.window.to - part.window.from < head.to - head.from);
  const [now, earlier] = [slices.filter(isMostlyIn(window)), slices.filter(isMostlyIn(before))];
  const [uses, usesBefore] = [usesIn(now), usesIn(earlier)];
  const rows = new Map<string, PastProcess>();
  for (const row of [...now, ...earlier].flatMap((part) => part.rows)) {
    const key = keyOf(row);
    const [own, ownBefore] = [uses.get(key) ?? null, usesBefore.get(key) ?? null];
    if (own !== null || ownBefore !== null) rows.set(key, { ...row, now: own, before: ownBefore });
  }
  const ranked = [...rows.values()].sort(
    (a, b) => cpuOf(b.now) - cpuOf(a.now) || cpuOf(b.before) - cpuOf(a.before),
  );
  return {
    host,
    window,
    before,
    tables: { now: tablesIn(now), before: tablesIn(earlier) },
    keptSince: parts[0]?.window.from ?? null,
    rows: ranked.slice(0, limit),
  };
}

function isMostlyIn({ from, to }: { from: number; to: number }) {
  return ({ window }: PastProcesses): boolean => {
    const covered = Math.min(to, window.to) - Math.max(from, window.from);
    // A window within one part is answered by that part.
    return covered > 0 && covered * 2 >= Math.min(window.to - window.from, to - from);
  };
}

function tablesIn(parts: readonly PastProcesses[]): number {
  return parts.reduce((sum, { tables }) => sum + tables.now, 0);
}

/** With the time it started a pid names a process for good. */
function keyOf({ pid, startTime }: PastProcess): string {
  return `${pid} ${startTime}`;
}

/** What each process took in all of the parts; it counts as nothing where it was not among the top, but for the memory it held. */
function usesIn(parts: readonly PastProcesses[]): Map<string, ProcessUse> {
  const tables = tablesIn(parts);
  const uses = new Map<string, ProcessUse>();
  for (const part of parts) {
    const share = tables === 0 ? 0 : part.tables.now / tables;
    for (const row of part.rows) {
      if (row.now === null) continue;
      const use = scaled(row.now, share);
      const known = uses.get(keyOf(row));
      uses.set(keyOf(row), known === undefined ? use : sumOf(known, use));
    }
  }
  return new Map([...uses].map(([key, use]) => [key, ofItsTime(use)]));
}

function ofItsTime(use: ProcessUse): ProcessUse {
  const { mean, max } = use.residentBytes;
  return { ...use, residentBytes: { mean: use.presence === 0 ? 0 : mean / use.presence, max } };
}

/** Memory by the share of all tables that tell of it. */
function scaled(use: ProcessUse, share: number): ProcessUse {
  const by = ({ mean, max }: Use): Use => ({ mean: mean * share, max });
  return {
    cpuPercent: by(use.cpuPercent),
    residentBytes: { ...use.residentBytes, mean: use.residentBytes.mean * use.presence * share },
    readBytesPerSecond: use.readBytesPerSecond && by(use.readBytesPerSecond),
    writeBytesPerSecond: use.writeBytesPerSecond && by(use.writeBytesPerSecond),
    presence: use.presence * share,
  };
}

function sumOf(a: ProcessUse, b: ProcessUse): ProcessUse {
  const both = (x: Use, y: Use): Use => ({ mean: x.mean + y.mean, max: Math.max(x.max, y.max) });
  const known = (x: Use | null, y: Use | null) => (x && y ? both(x, y) : (x ?? y));
  return {
    cpuPercent: both(a.cpuPercent, b.cpuPercent),
    residentBytes: both(a.residentBytes, b.residentBytes),
    readBytesPerSecond: known(a.readBytesPerSecond, b.readBytesPerSecond),
    writeBytesPerSecond: known(a.writeBytesPerSecond, b.writeBytesPerSecond),
    presence: Math.min(1, a.presence + b.presence),
  };
}

function cpuOf(use: ProcessUse | null): number {
  return use?.cpuPercent.mean ?? -1;
}
