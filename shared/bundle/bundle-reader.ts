/**
 * Reads the text of a bundle piece by piece. Every record is checked by its schema, and what all of them may come to together is
 * bounded: a hostile file costs no more than the largest honest one.
 */
import type { Bundle } from './bundle.ts';
import { BundleError } from './bundle-error.ts';
import {
  BUNDLE_FORMAT,
  bundleRecord,
  MAX_BUNDLE_HOSTS,
  MAX_BUNDLE_LINES,
  MAX_BUNDLE_RECORD,
  MAX_BUNDLE_RECORDS,
  MAX_BUNDLE_SERIES,
  MAX_BUNDLE_TEXT,
  MAX_BUNDLE_VALUES,
  type BundledEvent,
  type BundleHead,
  type BundleRecord,
} from './bundle-record.ts';
import { HISTORY_POINTS, MAX_HISTORY_POINTS, type HistoryRecord } from '../schema/history.ts';

type Rest = Omit<Bundle, 'head'>;

export interface BundleLimits {
  /** UTF-16 units of all of the text, and of one record. */
  text: number;
  record: number;
  records: number;
  hosts: number;
  lines: number;
  series: number;
  /** Numbers of all series. */
  values: number;
}

const LEAST_STEP_MS = 100;

const usualLimits: BundleLimits = {
  text: MAX_BUNDLE_TEXT,
  record: MAX_BUNDLE_RECORD,
  records: MAX_BUNDLE_RECORDS,
  hosts: MAX_BUNDLE_HOSTS,
  lines: MAX_BUNDLE_LINES,
  series: MAX_BUNDLE_SERIES,
  values: MAX_BUNDLE_VALUES,
};

export class BundleReader {
  readonly #limits: BundleLimits;
  #head: BundleHead | null = null;
  readonly #read: Rest = {
    events: [],
    history: new Map(),
    lines: [],
    processes: [],
    changes: [],
    omissions: [],
  };
  #rest = '';
  #units = 0;
  #records = 0;
  #hosts = 0;
  #values = 0;
  #series = 0;
  #isComplete = false;
  /** The answer whose records follow. */
  #begin: Extract<HistoryRecord, { kind: 'begin' }> | null = null;

  constructor(limits = usualLimits) {
    this.#limits = limits;
  }

  /** Any piece of the text, in order. Throws a `BundleError`; the reader is of no use afterwards. */
  take(text: string): void {
    this.#units += text.length;
    if (this.#units > this.#limits.text) throw new BundleError('bundle-too-large');
    const [first, ...others] = text.split('\n') as [string, ...string[]];
    this.#rest += first;
    for (const other of others) {
      this.#takeLine(this.#rest);
      this.#rest = other;
    }
    if (this.#rest.length > this.#limits.record) throw this.#fault('bundle-too-large');
  }

  /** The whole bundle. Throws a `BundleError` where its end has not come. */
  end(): Bundle {
    if (this.#rest !== '' || !this.#isComplete || this.#head === null) throw this.#fault('bundle-damaged');
    return { head: this.#head, ...this.#read };
  }

  #takeLine(line: string): void {
    const { record, records } = this.#limits;
    if (line.length > record || ++this.#records > records) throw this.#fault('bundle-too-large');
    if (this.#isComplete) throw new BundleError('bundle-damaged');
    this.#takeRecord(this.#recordOf(line));
  }

  #recordOf(line: string): BundleRecord {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw this.#fault('bundle-damaged', cause);
    }
    if (this.#head === null && isNewer(value)) throw new BundleError('bundle-newer');
    const parsed = bundleRecord.safeParse(value);
    if (!parsed.success) throw this.#fault('bundle-damaged', parsed.error);
    return parsed.data;
  }

  #takeRecord(record: BundleRecord): void {
    if ((record.kind === 'bundle') !== (this.#head === null)) throw this.#fault('bundle-damaged');
    switch (record.kind) {
      case 'bundle':
        if (record.from >= record.to) throw new BundleError('bundle-damaged');
        this.#head = record;
        return;
      case 'event':
        if (record.name === 'host' && ++this.#hosts > this.#limits.hosts)
          throw new BundleError('bundle-too-large');
        this.#read.events.push({ name: record.name, data: record.data } as BundledEvent);
        return;
      case 'history':
        this.#takeHistory(record.record);
        return;
      case 'line':
        if (this.#read.lines.length >= this.#limits.lines) throw new BundleError('bundle-too-large');
        this.#read.lines.push({ id: record.id, line: record.line });
        return;
      case 'processes':
        this.#read.processes.push(record.answer);
        return;
      case 'changes':
        this.#read.changes.push(record.answer);
        return;
      case 'end':
        if (record.records !== this.#records - 1) throw new BundleError('bundle-damaged');
        this.#read.omissions = record.omissions;
        this.#isComplete = true;
    }
  }

  #takeHistory(record: HistoryRecord): void {
    const { history } = this.#read;
    if (record.kind === 'begin') {
      this.#begin = record;
      const { stepMs, tierMs } = record;
      // No host measures more often.
      if (stepMs < LEAST_STEP_MS) throw new BundleError('bundle-damaged');
      for (const { host, intervalMs } of record.hosts) {
        if (history.has(host)) throw new BundleError('bundle-damaged');
        history.set(host, { stepMs, tierMs, intervalMs, columns: new Map(), gaps: [], marks: [] });
      }
      return;
    }
    if (this.#begin === null || record.kind === 'problem') throw new BundleError('bundle-damaged');
    if (record.kind === 'end') {
      this.#begin = null;
      return;
    }
    const kept = history.get(record.host);
    if (kept === undefined) throw new BundleError('bundle-damaged');
    if (record.kind === 'gaps') {
      kept.gaps = record.gaps;
      kept.marks = record.marks;
      return;
    }
    const { mean, min, max, last, count } = record;
    const lengths = [mean, min, max, last, count].flatMap((column) => column?.length ?? []);
    this.#values += lengths.reduce((sum, length) => sum + length, 0);
    if (++this.#series > this.#limits.series || this.#values > this.#limits.values)
      throw new BundleError('bundle-too-large');
    if (lengths.some((length) => length !== lengths[0] || length > MAX_HISTORY_POINTS + HISTORY_POINTS))
      throw new BundleError('bundle-damaged');
    kept.columns.set(record.series, record);
  }

  /** Before its first record a file is none of ours; afterwards it is one with a fault. */
  #fault(fault: 'bundle-damaged' | 'bundle-too-large', cause?: unknown): BundleError {
    return new BundleError(this.#head === null ? 'bundle-not-one' : fault, cause);
  }
}

function isNewer(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, format } = value as { kind?: unknown; format?: unknown };
  return kind === 'bundle' && typeof format === 'number' && format > BUNDLE_FORMAT;
}
