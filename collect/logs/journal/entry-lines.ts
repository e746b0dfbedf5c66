/** From journal entries to lines: what the journal knows of an entry beside its text, and the entries of a stack trace joined. */
import type { LogLevel } from '../../../shared/log-level.ts';
import type { LogLine } from '../../../shared/schema/logs.ts';
import { MAX_FIELDS } from '../formats/fields.ts';
import { levelOfSeverity } from '../formats/level-words.ts';
import type { ParsedLine } from '../parse-line.ts';
import { TraceJoiner } from '../trace-joiner.ts';
import type { JournalEntry } from './journal-entry.ts';

/** syslog's "informational", which journald gives to every line from standard output. */
const DEFAULT_SEVERITY = 6;

/** The level is null where the entry has only the one that all of standard output gets, so that a stack trace in it is one. */
export function lineOfEntry(host: string, entry: JournalEntry, text: string, parsed: ParsedLine): LogLine {
  const { time, source, unit, severity, isTruncated } = entry;
  const told = severity === null || hasDefaultLevel(entry) ? null : levelOfSeverity(severity);
  const line: LogLine = { host, time, level: told ?? parsed.level, source, text };
  const fields = parsed.fields ?? {};
  if (unit !== null && Object.keys(fields).length < MAX_FIELDS) fields['unit'] ??= unit;
  if (Object.keys(fields).length > 0) line.fields = fields;
  if (isTruncated) line.truncated = true;
  return line;
}

function hasDefaultLevel({ isFromStdout, severity }: JournalEntry): boolean {
  return isFromStdout && severity === DEFAULT_SEVERITY;
}

/** The entries of one source: a trace that a program prints is an entry for each of its lines. */
export class EntryJoiner {
  readonly #joiner: TraceJoiner;
  #newest: JournalEntry | null = null;
  /** Of the line that was made last, and is not handed over. */
  #level: LogLevel | null = null;

  constructor(lineOf: (entry: JournalEntry, text: string) => LogLine, emit: (line: LogLine) => void) {
    this.#joiner = new TraceJoiner({
      parse: (text) => {
        const entry = this.#newest!;
        this.#level = hasDefaultLevel(entry) ? levelOfSeverity(DEFAULT_SEVERITY) : null;
        return lineOf(entry, text);
      },
      emit: (line) => {
        line.level ??= this.#level;
        emit(line);
      },
    });
  }

  entry(entry: JournalEntry): void {
    this.#newest = entry;
    this.#joiner.line(entry.text, entry.isTruncated, entry.time);
  }

  readonly flush = (): void => this.#joiner.flush();
}
