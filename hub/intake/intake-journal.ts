/**
 * What the hub owes to agents it has answered: every record of the last minutes on disk, in two logs, so that a day of late
 * records does not push out what happens now. Each segment begins with a head that holds what must outlive older ones.
 */
import path from 'node:path';
import type { WatchlineError } from '../../shared/errors.ts';
import {
  openSegmentLog,
  type ReadBlock,
  type ReadPosition,
  type SegmentLog,
} from '../../link/segments/segment-log.ts';
import type { KeptHost } from './host-intake.ts';
import type { IntakeRecord } from './record-line.ts';

export interface IntakeJournalOptions {
  dir: string;
  /** Both logs together, in bytes. */
  maxBytes: number;
  /** Sealed segments are let go after this time, in milliseconds. */
  maxAgeMs: number;
  /** What is true of every host at this moment. */
  head: () => JournalHead;
  /** The disk's trouble, and its end: null once neither log has any. */
  report: (trouble: WatchlineError | null) => void;
}

export type JournalHead = Record<string, KeptHost>;
export type JournalRecord = Pick<IntakeRecord, 'run' | 'seq' | 'name' | 'data'>;
export interface JournalEntry {
  host: string;
  records: JournalRecord[];
}

export type JournalPart = { head: JournalHead; entry?: never } | { entry: JournalEntry; head?: never };

/** Of the whole: late records are the smaller part of what a page can show. */
const LATE_SHARE = 1 / 3;
const SEGMENTS = 8;
/** Nobody waits that long: every answer asks for its own sync. */
const FLUSH_MS = 1_000;
const READ_BYTES = 1024 * 1024;
/** Payloads are cut at about this size. */
const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

export class IntakeJournal implements AsyncDisposable {
  readonly #now: SegmentLog;
  readonly #late: SegmentLog;
  readonly #maxAgeMs: number;

  private constructor(now: SegmentLog, late: SegmentLog, maxAgeMs: number) {
    this.#now = now;
    this.#late = late;
    this.#maxAgeMs = maxAgeMs;
  }

  /** Throws a `SegmentLogError` where the folder cannot be used. */
  static async open(options: IntakeJournalOptions): Promise<IntakeJournal> {
    const troubles = new Map<string, WatchlineError>();
    const hear = (name: string, trouble: WatchlineError | null) => {
      if (trouble === null) troubles.delete(name);
      else troubles.set(name, trouble);
      options.report(trouble ?? [...troubles.values()][0] ?? null);
    };
    const open = (name: string, maxBytes: number) =>
      openSegmentLog({
        dir: path.join(options.dir, name),
        segmentBytes: Math.ceil(maxBytes / SEGMENTS),
        maxBytes,
        // Old segments are let go here: the newest, whose head is all that is known of silent hosts, has to stay.
        maxAgeMs: null,
        flushMs: FLUSH_MS,
        whenFull: 'refuse',
        maxPendingBytes: 64 * 1024 * 1024,
        head: () => Buffer.from(JSON.stringify(options.head())),
        report: (trouble) => hear(name, trouble),
      });
    const lateBytes = Math.floor(options.maxBytes * LATE_SHARE);
    await using opened = new AsyncDisposableStack();
    const now = opened.use(await open('now', options.maxBytes - lateBytes));
    const late = await open('late', lateBytes);
    opened.move();
    return new IntakeJournal(now, late, options.maxAgeMs);
  }

  get bytes(): number {
    return [...this.#now.segments, ...this.#late.segments].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Resolves once the records are on the disk. `lines` as `journalLine` gives them. Rejects with a `SegmentLogError`: none of them is. */
  async keep(host: string, lines: readonly string[], isLate: boolean): Promise<void> {
    const log = isLate ? this.#late : this.#now;
    for (const payload of payloadsOf(host, lines)) log.append(payload);
    await log.flush();
  }

  /** Resolves once everything is on the disk that was asked for before. */
  async settle(): Promise<void> {
    await Promise.all([this.#now.flush(), this.#late.flush()]);
  }

  /** Everything that is kept: what happened as it came first. A head is of all hosts, and a later one is truer. */
  async *replay(): AsyncGenerator<JournalPart> {
    for (const log of [this.#now, this.#late]) {
      let from: ReadPosition | null = null;
      for (;;) {
        const block: ReadBlock = await log.read(from, READ_BYTES);
        for (const { payload, isHead } of block.records) {
          if (isHead) yield { head: JSON.parse(payload.toString('utf8')) as JournalHead };
          else yield { entry: entryOf(payload) };
        }
        if (block.isEnd) break;
        from = block.next;
      }
    }
  }

  /** Lets go of what is too old; to be called now and then. `now` in epoch milliseconds. */
  async age(now = Date.now()): Promise<void> {
    for (const log of [this.#now, this.#late]) {
      for (const [place, segment] of log.segments.entries()) {
        const endedAt = log.segments[place + 1]?.since;
        if (endedAt === undefined || now - endedAt < this.#maxAgeMs) break;
        await log.free(segment);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#now[Symbol.asyncDispose]();
    await this.#late[Symbol.asyncDispose]();
  }
}

export function journalLine({ run, seq, name, data }: IntakeRecord): string {
  return JSON.stringify({ run, seq, name, data } satisfies JournalRecord);
}

/** NDJSON: the host's id, then its records. */
function* payloadsOf(host: string, lines: readonly string[]): Generator<Buffer> {
  let part: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    part.push(line);
    bytes += line.length;
    if (bytes < MAX_PAYLOAD_BYTES) continue;
    yield Buffer.from([host, ...part].join('\n'));
    part = [];
    bytes = 0;
  }
  if (part.length > 0) yield Buffer.from([host, ...part].join('\n'));
}

function entryOf(payload: Buffer): JournalEntry {
  const [host, ...lines] = payload.toString('utf8').split('\n');
  return { host: host!, records: lines.map((line) => JSON.parse(line) as JournalRecord) };
}
