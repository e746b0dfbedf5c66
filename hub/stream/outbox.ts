/**
 * The outbox: what waits for one reader while its socket is backed up, by the delivery rule of each event.
 * Its memory is bounded: conflation keeps one frame per host and name, log lines are counted past a
 * share of the bound, and only what must arrive can overflow it.
 */
import { eventRules, type Channel } from '../../shared/event-rules.ts';
import type { Gap } from '../../shared/schema/stream.ts';
import type { Frame } from './frame.ts';

/** Log lines wait up to this share of the bound; later ones are counted. The rest is for what must arrive. */
const LOG_SHARE = 1 / 4;

export interface OutboxContent {
  /** In the order of the sequence. */
  frames: Frame[];
  /** What was left out, per channel and host. */
  gaps: Gap[];
}

export class Outbox {
  readonly #limitBytes: number;
  readonly #logBytes: number;
  #queue: Frame[] = [];
  readonly #newest = new Map<string, Frame>();
  /** By channel and host: late samples that were left out are no lines. */
  readonly #skipped = new Map<string, Gap>();
  #bytes = 0;

  /** `logBytes`: how much may wait before log lines are counted; by default a quarter of the bound. */
  constructor(limitBytes: number, logBytes = limitBytes * LOG_SHARE) {
    this.#limitBytes = limitBytes;
    this.#logBytes = logBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0 && this.#newest.size === 0 && this.#skipped.size === 0;
  }

  /**
   * `otherBytes` wait elsewhere for the same reader. Frames may come in any order. Returns what became of the frame, or of an older one
   * for it.
   */
  add(frame: Frame, otherBytes: number): 'waits' | 'conflated' | 'counted' | 'overflow' {
    if (frame.delivery === 'conflate') return this.#keepNewest(frame, otherBytes);
    const total = this.#bytes + otherBytes + frame.bytes.length;
    if (frame.delivery === 'count' && total > this.#logBytes) return this.#count(frame);
    if (total > this.#limitBytes) return 'overflow';
    this.#queue.push(frame);
    this.#bytes += frame.bytes.length;
    return 'waits';
  }

  /** Empties the outbox. */
  take(): OutboxContent {
    const frames = [...this.#queue, ...this.#newest.values()].sort((a, b) => a.sequence - b.sequence);
    const gaps = [...this.#skipped.values()];
    this.#queue = [];
    this.#newest.clear();
    this.#skipped.clear();
    this.#bytes = 0;
    return { frames, gaps };
  }

  #keepNewest(frame: Frame, otherBytes: number): 'waits' | 'conflated' | 'overflow' {
    const slot = `${frame.name}/${frame.host ?? ''}`;
    const older = this.#newest.get(slot);
    if (older && older.sequence > frame.sequence) return 'conflated';
    const growth = frame.bytes.length - (older?.bytes.length ?? 0);
    if (this.#bytes + otherBytes + growth > this.#limitBytes) return 'overflow';
    this.#newest.set(slot, frame);
    this.#bytes += growth;
    return older ? 'conflated' : 'waits';
  }

  #count(frame: Frame): 'counted' {
    const channel: Channel = eventRules[frame.name].channel!;
    const slot = `${channel}/${frame.host ?? ''}`;
    const gap = this.#skipped.get(slot);
    const { from, to } = frame.measured ?? { from: frame.time, to: frame.time };
    if (gap) {
      gap.from = Math.min(gap.from, from);
      gap.to = Math.max(gap.to, to);
      gap.count! += 1;
    } else {
      this.#skipped.set(slot, {
        host: frame.host,
        channel,
        reason: 'slow-reader',
        from,
        to,
        count: 1,
      });
    }
    return 'counted';
  }
}
