/** One pass of writing: what every host has measured since it was last written, oldest first, in requests of bounded size. */
import type { HostRecord } from '../../hosts/host-record.ts';
import type { HostRegistry } from '../../hosts/host-registry.ts';
import { hostRows, writtenSeriesOf, type HostRowsParts } from './host-rows.ts';
import type { WriteOutcome } from './post-write.ts';
import { valueCount, type WrittenSeries } from './written-series.ts';
import type { WrittenUntil } from './written-until.ts';

/** As many as Prometheus itself puts into a request, give or take. */
const MAX_VALUES = 5_000;
/** Steps of one host at a time: no host waits for another's outage of days. */
const MAX_STEPS = 240;
/** What is older is not made up for. */
export const MADE_UP_FOR_MS = 7 * 24 * 3_600_000;
/** A silent host's last, incomplete step is written after this. */
const SILENT_MS = 30_000;
/** While an agent sends what it kept, its host waits, so that times ascend; but no longer than this. */
const BACKFILL_AWAITED_MS = 3_600_000;
/** Two clocks, and a step of a minute, differ by less. */
const FUTURE_MS = 300_000;

export interface WritePassParts extends HostRowsParts {
  registry: HostRegistry;
  until: WrittenUntil;
  stepMs: number;
  /** Throws where nothing was decided about the series. */
  write: (series: readonly WrittenSeries[], signal: AbortSignal) => Promise<WriteOutcome>;
}

/** True: there is more to be made up for. Throws as `write` does: what was taken before is known as taken. */
export async function writePass(parts: WritePassParts, signal: AbortSignal): Promise<boolean> {
  const { registry, until, stepMs, write } = parts;
  let waiting: WrittenSeries[] = [];
  let ends: [host: string, until: number][] = [];
  let isMore = false;
  const flush = async (): Promise<void> => {
    for (const part of portions(waiting)) await write(part, signal);
    for (const [host, end] of ends) until.set(host, end);
    waiting = [];
    ends = [];
  };
  for (const record of [...registry.records]) {
    const span = spanOf(record, until, stepMs);
    if (span === null) continue;
    const to = Math.min(span.to, span.from + MAX_STEPS * stepMs);
    const rows = await hostRows(record, span.from, to, stepMs, parts, signal);
    isMore ||= rows.until < span.to;
    waiting.push(...writtenSeriesOf(record.host.id, rows.columns));
    ends.push([record.host.id, rows.until]);
    if (valueCount(waiting) >= MAX_VALUES) await flush();
  }
  await flush();
  return isMore;
}

/** Since when something of any host waits, in epoch milliseconds; null: nothing does. */
export function waitingSince({ registry, until, stepMs }: Omit<WritePassParts, 'write'>): number | null {
  let oldest: number | null = null;
  for (const record of registry.records) {
    const kept = until.of(record.host.id);
    const end = completeUntil(record, stepMs);
    if (kept !== null && end !== null && kept < end) oldest = Math.min(oldest ?? kept, kept);
  }
  return oldest;
}

/** What of a host is to be written; null: nothing now. A host that was never written begins now. */
function spanOf(
  record: HostRecord,
  until: WrittenUntil,
  stepMs: number,
): { from: number; to: number } | null {
  const now = Date.now();
  const to = completeUntil(record, stepMs);
  const kept = until.of(record.host.id);
  // From the future it is when this machine's clock was wrong: nothing would be written until then.
  if (kept === null || kept > now + FUTURE_MS) {
    until.set(record.host.id, Math.floor(now / stepMs) * stepMs);
    return null;
  }
  if (to === null || isBackfilling(record, now)) return null;
  const oldest = Math.ceil((now - MADE_UP_FOR_MS) / stepMs) * stepMs;
  const from = Math.max(Math.floor(kept / stepMs) * stepMs, oldest);
  return from < to ? { from, to } : null;
}

/** A step is complete when something newer was measured, or the host has been silent for a while. */
function completeUntil({ host }: HostRecord, stepMs: number): number | null {
  if (host.lastSeen === null) return null;
  const whole = Math.floor(host.lastSeen / stepMs) * stepMs;
  const isSilent = Date.now() - host.lastSeen > Math.max(SILENT_MS, stepMs);
  return isSilent ? whole + stepMs : Math.min(whole, Math.floor(Date.now() / stepMs) * stepMs);
}

function isBackfilling({ host, uplink }: HostRecord, now: number): boolean {
  return uplink?.backfillPercent != null && now - host.statusSince < BACKFILL_AWAITED_MS;
}

function* portions(series: readonly WrittenSeries[]): Generator<WrittenSeries[]> {
  let portion: WrittenSeries[] = [];
  let values = 0;
  for (const one of series) {
    portion.push(one);
    values += one.times.length;
    if (values < MAX_VALUES) continue;
    yield portion;
    portion = [];
    values = 0;
  }
  if (portion.length > 0) yield portion;
}
