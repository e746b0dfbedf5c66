/** The bus: gives every event its place in the hub's one sequence and hands its frame on. */
import { randomBytes } from 'node:crypto';
import { formatCursor } from '../../shared/cursor.ts';
import { eventRules } from '../../shared/event-rules.ts';
import type { StreamEvent, StreamEventName } from '../../shared/events.ts';
import { encodeFrame, hostOf, timeOf, type Frame } from './frame.ts';
import { ReplayRing } from './replay-ring.ts';

export class EventBus {
  /** New per start: cursors of two starts never compare. */
  readonly epoch = randomBytes(5).toString('hex');
  readonly replay: ReplayRing;
  readonly published = new Map<StreamEventName, number>();
  /** Time spent on encoding events, in milliseconds. */
  encodeMs = 0;
  #sequence = 0;
  /** Of the newest event that conflates, by name and host. */
  readonly #newestTimes = new Map<string, number>();
  readonly #listeners: ((frame: Frame) => void)[] = [];

  constructor(replayBytes: number) {
    this.replay = new ReplayRing(replayBytes);
  }

  /** Of the newest event; 0 before the first. */
  get sequence(): number {
    return this.#sequence;
  }

  /** The place after the newest event. `partial` marks a snapshot that has not ended yet. */
  cursor(partial = false): string {
    return formatCursor(this.epoch, this.#sequence, partial);
  }

  onFrame(listener: (frame: Frame) => void): void {
    this.#listeners.push(listener);
  }

  publish(event: StreamEvent): void {
    const sequence = ++this.#sequence;
    const startedAt = performance.now();
    const cursor = formatCursor(this.epoch, sequence);
    const frame = encodeFrame(event, sequence, cursor, this.#previousTimeOf(event));
    this.encodeMs += performance.now() - startedAt;
    this.published.set(event.name, (this.published.get(event.name) ?? 0) + 1);
    this.replay.push(frame);
    for (const listener of this.#listeners) listener(frame);
  }

  #previousTimeOf(event: StreamEvent): number | null {
    if (eventRules[event.name].delivery !== 'conflate') return null;
    const slot = `${event.name}/${hostOf(event) ?? ''}`;
    const previous = this.#newestTimes.get(slot) ?? null;
    this.#newestTimes.set(slot, timeOf(event));
    return previous;
  }
}
