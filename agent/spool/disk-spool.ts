/** The spool over a segment log: which records are fresh, on their way, done, or to be read again. */
import { WatchlineError } from '../../shared/errors.ts';
import { MAX_RECORD_BYTES, type UplinkRecord } from '../../shared/schema/uplink.ts';
import type {
  DropReason,
  ReadBlock,
  ReadPosition,
  Segment,
  SegmentLog,
  UnwrittenRecord,
} from '../../link/segments/segment-log.ts';
import { FreshRecords, type FreshRecord } from './fresh-records.ts';
import { NumberedBatch } from './numbered-batch.ts';
import { NumberRanges } from './number-ranges.ts';
import type { SpoolLosses } from './spool-losses.ts';
import { isStateRecord, stateRecord } from './spool-state.ts';
import type { Spool, SpoolBatch, SpoolLimits, SpoolOptions, Waiting } from './spool.ts';

const READ_BYTES = 256 * 1024;
/** A disk that takes longer is left behind: what is live goes out without it. */
const DISK_PATIENCE_MS = 2_000;
/** While more waits for the disk, there is no room. Far below what may wait at most: what is read at once is not small. */
const ROOM_BYTES = 1024 * 1024;
/** The segment appended to is let go past this once all in it is acknowledged: what a restart sends twice stays small. */
const SMALL_SEGMENT_BYTES = 256 * 1024;

export interface DiskSpoolParts {
  options: SpoolOptions;
  log: SegmentLog;
  losses: SpoolLosses;
  /** Numbers of records that are observed once more: see `linesBehindState`. */
  readAgain: readonly number[];
}

export class DiskSpool implements Spool {
  readonly #options: SpoolOptions;
  readonly #log: SegmentLog;
  readonly #losses: SpoolLosses;
  readonly #mono: () => number;
  readonly #fresh = new FreshRecords();
  /** Acknowledged, or lost. */
  readonly #done = new NumberRanges();
  readonly #underWay = new NumberRanges();
  readonly #counts = { dropped: 0, damaged: 0 };
  #seq = 0;
  /** Lines were appended since the last state. */
  #hasLines = false;
  /** Neither acknowledged nor lost. */
  #held: number;
  #underWayCount = 0;
  /** Read from disk and not yet taken. Emptied to read again from the oldest on. */
  #ahead: readonly UnwrittenRecord[] = [];
  #from: ReadPosition | null = null;
  /** Grows when `#from` goes back: a read that was under way then does not count. */
  #rewinds = 0;
  #lastTake: Promise<unknown> = Promise.resolve();
  /** Epoch milliseconds: what is in memory alone was observed after it. */
  #writtenAt = Date.now();
  #diskTrouble: WatchlineError | null = null;
  /** A flush takes longer than it is waited for. */
  #isStuck = false;
  #overflow: WatchlineError | null = null;

  constructor({ options, log, losses, readAgain }: DiskSpoolParts) {
    this.#options = options;
    this.#log = log;
    this.#losses = losses;
    const openedAt = performance.now();
    this.#mono = options.mono ?? (() => performance.now() - openedAt);
    this.#held = log.segments.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    for (const number of readAgain) this.#held -= this.#done.add(number, number);
    const { damaged } = log.counts;
    if (damaged > 0) this.#countDamaged(damaged, log.segments.at(-1)?.since ?? Date.now());
  }

  get counts(): { readonly dropped: number; readonly damaged: number } {
    return this.#counts;
  }

  append(name: UplinkRecord['name'], data: unknown): void {
    const mono = Math.max(0, Math.round(this.#mono() * 10) / 10);
    const start = `{"run":"${this.#options.run}","seq":${this.#seq + 1},"mono":${mono},"name":"${name}"`;
    const line = Buffer.from(`${start},"data":${JSON.stringify(data)}}`);
    const at = Date.now();
    if (line.length > MAX_RECORD_BYTES) {
      this.#counts.dropped++;
      this.#losses.addOne(name, at, at);
      return;
    }
    this.#seq++;
    this.#held++;
    this.#hasLines ||= name === 'log';
    this.#fresh.add({ number: this.#log.append(line), line, at });
  }

  /** Called by the log before it writes. */
  keepState(): void {
    const { state } = this.#options;
    if (state === undefined) return;
    const change = state.changed();
    // Lines that no state is behind were not written whole: so one is, also where it has nothing to say.
    if (change === null && !this.#hasLines) return;
    this.#hasLines = false;
    const number = this.#log.append(stateRecord(change ?? 'null'));
    // Never sent: to the counts it is done from the first.
    this.#done.add(number, number);
  }

  room(): Promise<void> | null {
    // A disk that is stuck or full is not waited for: the hub may be there.
    const isWaitedFor = this.#log.waitingBytes > ROOM_BYTES && this.#diskTrouble === null && !this.#isStuck;
    return isWaitedFor ? this.flush() : null;
  }

  async flush(): Promise<void> {
    using patience = new DisposableStack();
    const slow = new Promise<void>((resolve) => {
      const timer = patience.adopt(setTimeout(resolve, DISK_PATIENCE_MS), clearTimeout);
      timer.unref();
    });
    const isSlow = slow.then(() => (this.#isStuck = true));
    await Promise.race([this.#flush(), isSlow]);
  }

  takeFresh(limits: SpoolLimits): SpoolBatch | null {
    this.#tellLosses();
    const batch = new NumberedBatch(limits);
    for (
      let next = this.#fresh.oldest;
      next && this.#maySend(next) && batch.takes(next.line);
      next = this.#fresh.oldest
    ) {
      this.#fresh.shift();
      if (!this.#done.has(next.number)) batch.add(next.number, next.line);
    }
    return this.#sendOff(batch);
  }

  /** What a hub has and a killed agent has forgotten is observed twice: so not before it is on disk, as long as there is one. */
  #maySend({ number, at }: FreshRecord): boolean {
    return number <= this.#log.written || this.#diskTrouble !== null || Date.now() - at > DISK_PATIENCE_MS;
  }

  async #flush(): Promise<void> {
    const at = Date.now();
    try {
      await this.#log.flush();
      this.#writtenAt = at;
    } catch {
      // Reported; the records wait in memory.
    }
    this.#isStuck = false;
  }

  takeKept(limits: SpoolLimits): Promise<SpoolBatch | null> {
    const taken = this.#lastTake.then(() => this.#takeKept(limits));
    this.#lastTake = taken.catch(() => {});
    return taken;
  }

  acknowledge(batch: SpoolBatch): void {
    if (!this.#arrive(batch)) return;
    for (const { from, to } of batch.runs) this.#held -= this.#done.add(from, to);
    this.#freeDone();
    if (this.#held === 0 && this.#overflow) this.#tell({ overflow: null });
  }

  giveBack(batch: SpoolBatch): void {
    if (!this.#arrive(batch)) return;
    this.#ahead = [];
    this.#from = null;
    this.#rewinds++;
  }

  waiting(batch?: SpoolBatch): Waiting {
    const records = Math.max(0, this.#held - (batch?.lines.length ?? 0));
    return { records, since: records === 0 ? null : this.#oldestAt() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lastTake;
    await this.#log[Symbol.asyncDispose]();
  }

  /** Called by the log before it deletes a segment that was not freed. */
  async dropping(segment: Segment, why: DropReason): Promise<void> {
    const { first, last, since } = segment;
    const following = this.#log.segments.find((other) => other.first > first);
    const lines: Buffer[] = [];
    // It is the oldest, so this begins with it.
    for (let from: ReadPosition | null = null; from === null || from.first === first;) {
      const block: ReadBlock = await this.#log.read(from, READ_BYTES);
      for (const { isHead, number, payload } of block.records) {
        if (!isHead && !this.#done.has(number)) lines.push(payload);
      }
      if (block.isEnd) break;
      from = block.next;
    }
    this.#losses.addLines(lines, since, following?.since ?? Date.now());
    this.#lose(first, last);
    if (why !== 'disk-full') this.#tell({ overflow: spoolOverflow(why) });
  }

  /** Called by the log for records that were never written. */
  forgotten(records: readonly UnwrittenRecord[]): void {
    const lost = records.filter(({ number }) => !this.#done.has(number));
    this.#losses.addLines(
      lost.map(({ payload }) => payload),
      this.#writtenAt,
      Date.now(),
    );
    this.#lose(records[0]!.number, records.at(-1)!.number);
  }

  reportDisk(trouble: WatchlineError | null): void {
    this.#tell({ disk: trouble });
  }

  async #takeKept(limits: SpoolLimits): Promise<SpoolBatch | null> {
    const batch = new NumberedBatch(limits);
    const isDone = () => this.#takeAhead(batch) || this.#keptCount() <= batch.lines.length;
    let isFlushed = false;
    while (!isDone()) {
      if (await this.#readOn()) continue;
      if (batch.lines.length > 0) break;
      if (isFlushed) {
        // The disk takes nothing: what waits for it is sent from where it is.
        this.#takeFrom(this.#log.unwritten(), batch);
        break;
      }
      await this.flush();
      isFlushed = true;
    }
    return this.#sendOff(batch);
  }

  /** Neither fresh nor on their way. */
  #keptCount(): number {
    return this.#held - this.#underWayCount - this.#fresh.length;
  }

  /** True: the batch takes no more, or there is no more than what is fresh. */
  #takeAhead(batch: NumberedBatch): boolean {
    const taken = this.#takeFrom(this.#ahead, batch);
    const isEnd = taken < this.#ahead.length;
    this.#ahead = this.#ahead.slice(taken);
    return isEnd;
  }

  /** Answers how many of the records are dealt with. */
  #takeFrom(records: readonly UnwrittenRecord[], batch: NumberedBatch): number {
    for (const [at, { number, payload }] of records.entries()) {
      if (this.#fresh.has(number)) return at;
      if (this.#done.has(number) || this.#underWay.has(number)) continue;
      if (isStateRecord(payload)) {
        // Of an earlier start, which was read when the spool was opened.
        this.#held -= this.#done.add(number, number);
        continue;
      }
      if (!batch.takes(payload)) return at;
      batch.add(number, payload);
    }
    return records.length;
  }

  /** False: everything on disk was read. */
  async #readOn(): Promise<boolean> {
    const rewinds = this.#rewinds;
    const block = await this.#log.read(this.#from, READ_BYTES);
    for (const { first, count, segment, isNew } of block.damaged) {
      const lost = this.#lose(first, first + count - 1, 'damaged');
      if (isNew && lost > 0) this.#countDamaged(lost, segment.since);
    }
    if (rewinds !== this.#rewinds) return true;
    this.#from = block.next;
    this.#ahead = block.records.filter(({ isHead }) => !isHead);
    return !block.isEnd || this.#ahead.length > 0;
  }

  #sendOff(batch: NumberedBatch): SpoolBatch | null {
    if (batch.lines.length === 0) return null;
    for (const { from, to } of batch.runs) this.#underWay.add(from, to);
    this.#underWayCount += batch.lines.length;
    return batch;
  }

  /** False where it was settled before, or is another spool's. */
  #arrive(batch: SpoolBatch): batch is NumberedBatch {
    if (!(batch instanceof NumberedBatch) || !this.#underWay.has(batch.runs[0]!.from)) return false;
    for (const { from, to } of batch.runs) this.#underWay.remove(from, to);
    this.#underWayCount -= batch.lines.length;
    return true;
  }

  /** Answers how many of them were held. */
  #lose(first: number, last: number, how: 'dropped' | 'damaged' = 'dropped'): number {
    this.#fresh.forgetUpTo(how === 'dropped' ? last : 0);
    const lost = this.#done.add(first, last);
    this.#held -= lost;
    if (how === 'dropped') this.#counts.dropped += lost;
    return lost;
  }

  #countDamaged(count: number, since: number): void {
    this.#counts.damaged += count;
    this.#losses.addDamaged(since, Date.now());
  }

  /** In place of what was lost; the segments begun from here on need not remember it any more. */
  #tellLosses(): void {
    if (this.#losses.isEmpty) return;
    void this.#log.seal().catch(() => {});
    for (const gap of this.#losses.take(this.#options.host)) this.append('gap', gap);
  }

  #freeDone(): void {
    const segments = this.#log.segments;
    const oldestHeld = segments.find(({ first, last }) => !this.#done.covers(first, last));
    for (const segment of segments) {
      if (!this.#done.covers(segment.first, segment.last)) continue;
      // The newest stays: the state in it must outlive it, and does so in the head of the next.
      if (segment.isSealed && segment !== segments.at(-1)) void this.#log.free(segment);
      else if (segment.bytes >= SMALL_SEGMENT_BYTES) void this.#sealAndFree();
    }
    if (oldestHeld) this.#done.raiseFloor(oldestHeld.first);
  }

  async #sealAndFree(): Promise<void> {
    await this.#log.seal().catch(() => {}); // a sync that fails is told by the next flush
  }

  #oldestAt(): number {
    const held = this.#log.segments.find(({ first, last }) => !this.#done.covers(first, last));
    return held?.since ?? this.#fresh.oldest?.at ?? this.#writtenAt;
  }

  /** The disk's trouble is told before the spool's own. */
  #tell(change: { disk?: WatchlineError | null; overflow?: WatchlineError | null }): void {
    const before = this.#diskTrouble ?? this.#overflow;
    if (change.disk !== undefined) this.#diskTrouble = change.disk;
    if (change.overflow !== undefined) this.#overflow = change.overflow;
    const now = this.#diskTrouble ?? this.#overflow;
    if (now?.code !== before?.code) this.#options.report?.(now);
  }
}

function spoolOverflow(why: 'size' | 'age'): WatchlineError {
  const bound = why === 'size' ? 'It has reached its size' : 'Its oldest records have reached their age';
  return new WatchlineError('spool-overflow', `${bound}: the oldest observations go unsent.`, {
    remedy: 'See why the hub cannot be reached, or give the spool more room.',
  });
}
