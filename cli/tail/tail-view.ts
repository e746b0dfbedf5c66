/** Turns the messages of a stream into lines to print: knows the hosts, the start of the stream and what was shown. */
import { streamEvents, type StreamEvent, type StreamEventName } from '../../shared/events.ts';
import type { Host } from '../../shared/schema/host.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import { visibleText } from '../../shared/visible-text.ts';
import type { LinePredicate } from '../../shared/filter/evaluate.ts';
import { lineFilter } from './line-filter.ts';
import type { Skipped } from './missed/hole.ts';
import type { TailMessage } from './missed/with-missed.ts';
import type { Paint } from './paint.ts';
import type { StreamMessage } from './read-once.ts';
import { ToldLines } from './told-lines.ts';
import { gapText, logLineText, sampleText, sourceText, type LineStyle } from './tail-lines.ts';

export interface TailViewOptions {
  /** Lines of the snapshot that are shown before live ones. */
  lines: number;
  withMetrics: boolean;
  /** Names or ids; null: all. */
  hosts: readonly string[] | null;
  /** In the filter language; null: every line. */
  filter: string | null;
  asJson: boolean;
  paint: Paint;
}

/** Characters that a terminal may obey although JSON lets them stand: C1, bidirectional and zero-width ones. */
const unsafeInJson =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

export class TailView {
  readonly #options: TailViewOptions;
  readonly #hosts = new Map<string, Host>();
  /** Lines of a snapshot that has not ended; null once live. */
  #snapshot: LogLine[] | null = [];
  /** Time of the newest line shown: a later snapshot repeats the ones before. */
  #shownUntil = -Infinity;
  /** Hosts of whose newest lines, told again in a snapshot, some were shown: what follows them is all that came since. */
  readonly #joined = new Set<string>();
  readonly #told = new ToldLines();

  readonly #passes: LinePredicate | null;

  /** Throws a `WatchlineError` for a text that is no filter. */
  constructor(options: TailViewOptions) {
    this.#options = options;
    const { filter } = options;
    const hostName = (id: string): string | undefined => this.#hosts.get(id)?.name;
    this.#passes = filter === null ? null : lineFilter(filter, { hostName });
  }

  /** The lines to print for this message, none for most. What this version does not know is left out. */
  take(message: TailMessage): string[] {
    if ('skipped' in message) return this.#printSkipped(message.skipped);
    const event = decode(message);
    if (event === null) return [];
    switch (event.name) {
      case 'hello':
        this.#snapshot = event.data.resumed ? null : [];
        this.#joined.clear();
        return [];
      case 'host':
        this.#hosts.set(event.data.id, event.data);
        return [];
      case 'ready':
        return this.#endSnapshot();
      case 'log':
        return this.#takeLine(event.data, message.id);
      case 'sample':
        return this.#options.withMetrics ? this.#print(event, sampleText(event.data, this.#style())) : [];
      case 'source':
        // That a source is listed no more is for programs: what there is to say of it was said.
        return this.#print(event, event.data.gone ? null : sourceText(event.data, this.#style()));
      case 'bye':
        // A hub that ends in order reads nothing twice.
        this.#told.forget();
        return [];
      case 'gap':
        return this.#print(event, gapText(event.data, this.#style()));
      default:
        return [];
    }
  }

  #takeLine(line: LogLine, id: string | null): string[] {
    if (this.#passes !== null && !this.#passes(line)) return [];
    const isNews = this.#told.isNews(line, id);
    if (this.#snapshot === null) return isNews ? this.#printLine(line) : [];
    if (!this.#isWanted(line.host)) return [];
    if (isNews && line.time > this.#shownUntil) this.#snapshot.push(line);
    else this.#joined.add(line.host);
    return [];
  }

  /**
   * Of the first snapshot the last lines; of a later one, after a break that nobody could fill, what is new, and that more may be missing.
   */
  #endSnapshot(): string[] {
    const lines = this.#snapshot ?? [];
    this.#snapshot = null;
    lines.sort((a, b) => a.time - b.time);
    const isFirst = this.#shownUntil === -Infinity;
    const wanted = isFirst ? lines.slice(lines.length - Math.min(lines.length, this.#options.lines)) : lines;
    const loose = isFirst ? undefined : lines.find(({ host }) => !this.#joined.has(host));
    const skipped = loose === undefined ? [] : this.#printSkipped(lostBefore(loose, this.#shownUntil));
    this.#shownUntil = Math.max(this.#shownUntil, 0);
    return [...skipped, ...wanted.flatMap((line) => this.#printLine(line))];
  }

  #printSkipped(skipped: Skipped): string[] {
    return this.#print({ name: 'gap', data: skipped }, gapText(skipped, this.#style()));
  }

  #printLine(line: LogLine): string[] {
    this.#shownUntil = Math.max(this.#shownUntil, line.time);
    return this.#print({ name: 'log', data: line }, logLineText(line, this.#style()));
  }

  #print(event: { name: StreamEventName; data: { host: string | null } }, text: string | null): string[] {
    if (!this.#isWanted(event.data.host)) return [];
    if (!this.#options.asJson) return text === null ? [] : [text];
    const json = JSON.stringify({ event: event.name, data: event.data });
    return [
      json.replace(
        unsafeInJson,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    ];
  }

  #isWanted(id: string | null): boolean {
    const { hosts } = this.#options;
    return (
      hosts === null || id === null || hosts.includes(id) || hosts.includes(this.#hosts.get(id)?.name ?? '')
    );
  }

  #style(): LineStyle {
    const hostName = (id: string): string => visibleText(this.#hosts.get(id)?.name ?? id);
    return { paint: this.#options.paint, hostName: this.#hosts.size > 1 ? hostName : null };
  }
}

/** Where the first line that is told again stands alone: whatever came before it was not told. */
function lostBefore({ time }: LogLine, shownUntil: number): Skipped {
  const from = Math.max(shownUntil, 0);
  return { host: null, channel: 'logs', reason: 'lost', from: from || time, to: time, count: null };
}

function decode({ name, data }: StreamMessage): StreamEvent | null {
  if (!Object.hasOwn(streamEvents, name)) return null;
  try {
    const parsed = streamEvents[name as StreamEventName].schema.safeParse(JSON.parse(data));
    return parsed.success ? ({ name, data: parsed.data } as StreamEvent) : null;
  } catch {
    return null;
  }
}
