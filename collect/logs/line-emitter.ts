/** Turns lines as read into `log` observations. */
import type { LogLevel } from '../../shared/log-level.ts';
import { MAX_LOG_LINE_BYTES } from '../../shared/protocol.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import { MAX_FIELDS, type Fields } from './formats/fields.ts';
import { EntryJoiner, lineOfEntry } from './journal/entry-lines.ts';
import type { JournalEntry } from './journal/journal-entry.ts';
import type { Emit } from './log-source-reader.ts';
import { createLineParser } from './parse-line.ts';
import type { Room } from './room.ts';
import { TraceJoiner } from './trace-joiner.ts';

export interface LineEmitter {
  /**
   * Opens a place that lines come from, in order: the lines of a stack trace become one. `label` is the source's; `fields` are added to
   * those that each line has.
   */
  open(label: string, fields?: Fields): OpenLines;
  /** Of the journal: lines of one source, in order. */
  entry(entry: JournalEntry): void;
  /** An event of a log that knows its time and level. */
  told(event: ToldEvent): void;
  /** Hands over lines that wait for their stack trace. */
  flush(): void;
  /** For more lines. */
  room: Room;
}

export interface OpenLines extends Disposable {
  /** `time`: what is known besides (epoch milliseconds), for a line that names none. Default: when it was read. */
  onLine(this: void, text: string, isTruncated: boolean, time?: number): void;
}

export interface ToldEvent {
  /** Epoch milliseconds. */
  time: number;
  level: LogLevel | null;
  source: string;
  text: string;
  fields: Fields;
}

/** Sources of the journal whose lines may wait for their stack trace at the same time. */
const MAX_ENTRY_SOURCES = 64;

export function createLineEmitter(host: string, emit: Emit, room: Room = () => null): LineEmitter {
  const parseLine = createLineParser();
  const joiners = new Set<TraceJoiner>();
  const emitLine = (line: LogLine) => emit({ name: 'log', data: line });
  const lineOf = (entry: JournalEntry, text: string): LogLine =>
    lineOfEntry(host, entry, text, parseLine(text));
  const ofEntries = new Map<string, EntryJoiner>();
  const joinerOfEntries = (source: string): EntryJoiner => {
    const joiner = ofEntries.get(source) ?? new EntryJoiner(lineOf, emitLine);
    ofEntries.delete(source);
    ofEntries.set(source, joiner);
    for (const [oldest, { flush }] of ofEntries) {
      if (ofEntries.size <= MAX_ENTRY_SOURCES) break;
      flush();
      ofEntries.delete(oldest);
    }
    return joiner;
  };
  return {
    open(source, placeFields) {
      const parse = (text: string, isTruncated: boolean, known: number | undefined): LogLine => {
        const { time, level, fields } = parseLine(text);
        const line: LogLine = { host, time: time ?? known ?? Date.now(), level, source, text };
        const all = placeFields === undefined ? fields : withinLimit({ ...placeFields, ...fields });
        if (all !== null) line.fields = all;
        if (isTruncated) line.truncated = true;
        return line;
      };
      const joiner = new TraceJoiner({ parse, emit: emitLine });
      joiners.add(joiner);
      return {
        onLine: (text, isTruncated, time) => joiner.line(text, isTruncated, time),
        [Symbol.dispose]() {
          joiner.flush();
          joiners.delete(joiner);
        },
      };
    },
    entry(entry) {
      joinerOfEntries(entry.source).entry(entry);
    },
    told({ time, level, source, text, fields }) {
      const cut = text.slice(0, MAX_LOG_LINE_BYTES);
      const line: LogLine = { host, time, level: level ?? parseLine(cut).level, source, text: cut };
      if (Object.keys(fields).length > 0) line.fields = fields;
      if (cut.length < text.length) line.truncated = true;
      emitLine(line);
    },
    flush() {
      for (const joiner of [...joiners, ...ofEntries.values()]) joiner.flush();
    },
    room,
  };
}

function withinLimit(fields: Fields): Fields {
  const entries = Object.entries(fields);
  return entries.length <= MAX_FIELDS ? fields : Object.fromEntries(entries.slice(0, MAX_FIELDS));
}
