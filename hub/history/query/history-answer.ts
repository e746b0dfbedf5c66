/** The answer to `GET /api/v1/history`: records, made and written one after the other. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  historyProblems,
  MAX_HISTORY_VALUES,
  type HistoryGap,
  type HistoryRecord,
  type HistoryRecordOf,
} from '../../../shared/schema/history.ts';
import type { ChronicleEntry } from '../../../shared/schema/kept-chronicle.ts';
import type { Sight } from '../../access/sight.ts';
import { ProblemError } from '../../http/problem.ts';
import { MAX_QUERY_BUCKETS, type HistoryReader } from '../store/history-reader.ts';
import { columnsRecord } from './columns-record.ts';
import { findGaps } from './find-gaps.ts';
import type { HistoryQuery } from './history-query.ts';
import { hostTimes } from './host-times.ts';
import type { KeptExtent, KeptSince } from './kept-since.ts';
import { beginningFor, cutColumns } from './reach-of-sight.ts';
import { matchingSeries, needsAllKeys, shownHost, type ShownSeries } from './shown-series.ts';
import { stepFor, type Step } from './step.ts';

export interface AskedHost {
  /** As the hub knows it. */
  id: string;
  /** Between two samples, in milliseconds. */
  intervalMs: number;
  /** Epoch milliseconds of the newest sample of one that sends, or is expected to; null: it does not. */
  liveUntil: number | null;
}

export interface HistoryAnswerParts {
  reader: HistoryReader;
  keptSince: KeptSince;
  entries: readonly ChronicleEntry[];
  sight: Sight;
  query: HistoryQuery;
  hosts: readonly AskedHost[];
  /** Writes one record; resolves when there is room for the next. */
  tell: (record: HistoryRecord) => Promise<void>;
  signal: AbortSignal;
}

/** Every sample has it: where it has no value, there was no sample. */
const presenceKey = 'cpu.idle';
/** Buckets read at a time: an answer begins to be drawn while the rest is read. */
const BUCKETS_PER_READ = 200_000;

interface HostPlan extends AskedHost {
  shown: string;
  /** Epoch milliseconds of the oldest sample; null: none is kept. */
  oldest: number | null;
  series: ShownSeries[];
}

export class HistoryAnswer {
  readonly #parts: HistoryAnswerParts;
  /** Known when it is known what is kept. */
  #step!: Step;
  readonly #now = Date.now();
  /** Epoch milliseconds: nothing from before is told. */
  readonly #beginning: number;
  #values = 0;

  constructor(parts: HistoryAnswerParts) {
    this.#parts = parts;
    this.#beginning = beginningFor(parts.sight);
  }

  /** Tells everything up to `end`. Rejects with what the reader rejects with, and with a 400 `ProblemError` where it would be too much. */
  async tell(): Promise<void> {
    const extents: KeptExtent[] = [];
    for (const { id } of this.#parts.hosts)
      extents.push(await this.#parts.keptSince.extentOf(id, this.#parts.signal));
    this.#step = this.#stepFor(extents);
    const plans: HostPlan[] = [];
    for (const [at, host] of this.#parts.hosts.entries())
      plans.push(await this.#planOf(host, extents[at]!.oldest));
    const { stepMs, tierMs, length } = this.#step;
    if (plans.reduce((sum, { series }) => sum + series.length * length, 0) > MAX_HISTORY_VALUES)
      throw tooMuch();
    const { query, reader, sight } = this.#parts;
    await this.#parts.tell({
      kind: 'begin',
      serverTime: this.#now,
      ...query.window,
      stepMs,
      tierMs,
      hosts: plans.map(({ shown, intervalMs, oldest }) => ({
        host: shown,
        intervalMs,
        keptSince: this.#keptSince(oldest),
      })),
      trouble: sight.extent === 'part' && reader.trouble !== null ? someTrouble : reader.trouble,
    });
    for (const plan of plans) await this.#tellHost(plan);
    await this.#parts.tell(this.end('complete'));
  }

  end(reason: HistoryRecordOf<'end'>['reason']): HistoryRecord {
    return { kind: 'end', reason, values: this.#values };
  }

  #stepFor(extents: readonly KeptExtent[]): Step {
    const { reader, query, hosts } = this.#parts;
    const leastMs = hosts.reduce((least, { intervalMs }) => Math.min(least, intervalMs), Infinity);
    return stepFor(reader.ladder, query.window, query.points, {
      leastMs: Number.isFinite(leastMs) ? leastMs : 0,
      // The same for all hosts.
      keptFrom: extents[0]?.keptFrom ?? [],
    });
  }

  async #planOf(host: AskedHost, oldest: number | null): Promise<HostPlan> {
    const { id } = host;
    const { sight, query } = this.#parts;
    const { length } = this.#step;
    const plan = { ...host, shown: shownHost(sight, id), oldest };
    if (oldest === null) return { ...plan, series: [] };
    if (!needsAllKeys(sight, query.series))
      return { ...plan, series: query.series.map((key) => ({ key, shown: key })) };
    const keys = await this.#keysOf(id);
    const series = matchingSeries(sight, id, query.series, keys, MAX_HISTORY_VALUES / length);
    if (series === null) throw tooMuch();
    return { ...plan, series };
  }

  /** All that it has in the window, from the coarsest tier there is: that costs little. */
  async #keysOf(host: string): Promise<string[]> {
    const { reader, query, signal } = this.#parts;
    const { from, to } = query.window;
    const coarse = reader.ladder.at(-1)!.stepMs;
    const stepMs = Math.ceil((to - from) / coarse) * coarse;
    const { series } = await reader.buckets({ host, series: null, from, to, stepMs }, signal);
    return series.map(({ key }) => key);
  }

  async #tellHost(plan: HostPlan): Promise<void> {
    const { stepMs, start, length } = this.#step;
    const perRead = Math.max(1, Math.floor(Math.min(BUCKETS_PER_READ, MAX_QUERY_BUCKETS) / length) - 1);
    let counts: ArrayLike<number> = new Uint8Array(length);
    const first = Math.min(length, Math.max(0, Math.ceil((this.#beginning - start) / stepMs)));
    for (let at = 0; at === 0 || at < plan.series.length; at += perRead) {
      const group = plan.series.slice(at, at + perRead);
      const isFirst = at === 0;
      const read = await this.#read(plan, group, isFirst);
      if (isFirst) counts = read.get(presenceKey)?.count ?? counts;
      for (const { key, shown } of group) {
        const buckets = read.get(key);
        const frame = { host: plan.shown, series: shown, start, stepMs, fields: this.#parts.query.fields };
        const record = buckets && columnsRecord(frame, buckets, first, length);
        if (record) await this.#tellColumns(record, length - first);
      }
    }
    await this.#parts.tell(this.#gapsOf(plan, cutColumns(counts, first)));
  }

  async #tellColumns(record: HistoryRecordOf<'columns'>, values: number): Promise<void> {
    this.#values += values;
    await this.#parts.tell(record);
    // Streams go on between two series, however long these are.
    await nextTurn();
    this.#parts.signal.throwIfAborted();
  }

  async #read({ id, oldest }: HostPlan, group: readonly ShownSeries[], withPresence: boolean) {
    if (oldest === null) return new Map<string, never>();
    const { reader, signal } = this.#parts;
    const { start, stepMs, length } = this.#step;
    const keys = new Set(group.map(({ key }) => key));
    if (withPresence) keys.add(presenceKey);
    const to = start + length * stepMs;
    const { series } = await reader.buckets({ host: id, series: [...keys], from: start, to, stepMs }, signal);
    return new Map(series.map((buckets) => [buckets.key, buckets]));
  }

  #gapsOf(plan: HostPlan, counts: ArrayLike<number>): HistoryRecord {
    const { window } = this.#parts.query;
    const { start, stepMs } = this.#step;
    const { intervalMs } = plan;
    const times = hostTimes(this.#parts.entries, plan.id, this.#now);
    const reasons = [...this.#edges(plan, times.since), ...times.reasons];
    const from = Math.max(window.from, this.#beginning);
    return {
      kind: 'gaps',
      host: plan.shown,
      gaps: findGaps({ window, start, stepMs, counts, intervalMs, reasons }),
      marks: times.marks.filter(({ time }) => time >= from && time < window.to).slice(-1_000),
    };
  }

  /** Why there is nothing at either end of all that could be told. */
  #edges({ oldest, intervalMs, liveUntil }: HostPlan, knownSince: number | null): HistoryGap[] {
    const { ladder } = this.#parts.reader;
    const kept = this.#now - ladder.at(-1)!.keepMs;
    const begun = oldest ?? this.#now;
    const wasKnown = knownSince !== null && knownSince < begun - ladder[0]!.spanMs;
    const underWaySince = Math.min(liveUntil ?? this.#now - 2 * intervalMs, this.#now);
    return [
      { from: -Infinity, to: this.#beginning, reason: 'not-shared' },
      { from: underWaySince, to: Infinity, reason: 'not-yet' },
      { from: -Infinity, to: kept, reason: 'past-retention' },
      { from: -Infinity, to: begun, reason: wasKnown ? 'past-retention' : 'before-first' },
    ];
  }

  #keptSince(oldest: number | null): number | null {
    return oldest === null || this.#beginning > this.#now ? null : Math.max(oldest, this.#beginning);
  }
}

/** Names of files are the owner's. */
const someTrouble = 'Samples are not kept at this moment.';

function tooMuch(): ProblemError {
  const limit = MAX_HISTORY_VALUES.toLocaleString('en');
  return new ProblemError(400, historyProblems.tooMuch, `This asks for more than ${limit} buckets at once.`, {
    remedy: 'Ask for fewer hosts, series or points.',
  });
}
