/** What was lost and not told yet: merged by channel and reason, so that a week without a hub is one gap and not a thousand. */
import { eventRules } from '../../shared/event-rules.ts';
import type { Channel } from '../../shared/event-rules.ts';
import type { Gap } from '../../shared/schema/stream.ts';

type Loss = Omit<Gap, 'host'>;

/** The beginning of every line, as the spool writes it. */
const linePattern = /^\{"run":"[^"]*","seq":\d+,"mono":[^,]*,"name":"([a-z]+)","data":/;
const LINE_START_BYTES = 160;

export class SpoolLosses {
  #losses: Loss[] = [];

  /** From what `toText` gave. */
  static from(text: string | null): SpoolLosses {
    const losses = new SpoolLosses();
    if (text !== null) losses.#losses = JSON.parse(text) as Loss[];
    return losses;
  }

  get isEmpty(): boolean {
    return this.#losses.length === 0;
  }

  /** Null: there is nothing to remember. */
  toText(): string | null {
    return this.isEmpty ? null : JSON.stringify(this.#losses);
  }

  /** Lines that go unsent, observed between two instants in epoch milliseconds. A gap among them is told again, in place of itself. */
  addLines(lines: readonly Buffer[], from: number, to: number): void {
    for (const line of lines) {
      const name = linePattern.exec(line.toString('latin1', 0, LINE_START_BYTES))?.[1];
      const gap = name === 'gap' ? ownGap(line) : null;
      if (gap) this.#add(gap);
      else this.addOne(name, from, to);
    }
  }

  /** One observation of this name. `describe` and what has no channel is no loss: it is told anew. */
  addOne(name: string | undefined, from: number, to: number): void {
    const channel = name !== undefined && name in eventRules ? channelOf(name) : null;
    if (channel) this.#add({ channel, reason: 'spool-overflow', from, to, count: 1 });
  }

  /** Records that cannot be read: what they were is unknown, so both kinds of screen say that there was something. */
  addDamaged(from: number, to: number): void {
    for (const channel of ['metrics', 'logs'] as const) {
      this.#add({ channel, reason: 'spool-damaged', from, to, count: null });
    }
  }

  /** Hands over what is to be told, and forgets it. */
  take(host: string): Gap[] {
    const gaps = this.#losses.map((loss) => ({ host, ...loss }));
    this.#losses = [];
    return gaps;
  }

  #add(added: Loss): void {
    const same = this.#losses.find(
      ({ channel, reason }) => channel === added.channel && reason === added.reason,
    );
    if (!same) {
      this.#losses.push({ ...added });
      return;
    }
    same.from = Math.min(same.from, added.from);
    same.to = Math.max(same.to, added.to);
    same.count = same.count === null || added.count === null ? null : same.count + added.count;
  }
}

function channelOf(name: string): Channel | null {
  return eventRules[name as keyof typeof eventRules].channel;
}

/** Null where the gap is another's: then it is a lost observation like any. */
function ownGap(line: Buffer): Loss | null {
  const { data } = JSON.parse(line.toString('utf8')) as { data: Gap };
  const { channel, reason, from, to, count } = data;
  return reason === 'spool-overflow' || reason === 'spool-damaged'
    ? { channel, reason, from, to, count }
    : null;
}
