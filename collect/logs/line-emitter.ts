/** Turns lines as read into `log` observations. */
import type { LogLine } from '../../shared/schema/logs.ts';
import { MAX_FIELDS } from './formats/fields.ts';
import { levelOfSeverity } from './formats/level-words.ts';
import type { JournalEntry } from './journal/journal-entry.ts';
import type { Emit } from './log-source-reader.ts';
import { createLineParser } from './parse-line.ts';

export interface LineEmitter {
  /** `source` is the source's label; a line that names no time gets the time it was read. */
  line(source: string, text: string, isTruncated: boolean): void;
  entry(entry: JournalEntry): void;
}

/** syslog's "informational", which journald gives to every line from standard output. */
const DEFAULT_SEVERITY = 6;

export function createLineEmitter(host: string, emit: Emit): LineEmitter {
  const parseLine = createLineParser();
  return {
    line(source, text, isTruncated) {
      const { time, level, fields } = parseLine(text);
      const line: LogLine = { host, time: time ?? Date.now(), level, source, text };
      if (fields !== null) line.fields = fields;
      if (isTruncated) line.truncated = true;
      emit({ name: 'log', data: line });
    },
    entry({ time, text, source, unit, severity, isFromStdout, isTruncated }) {
      const parsed = parseLine(text);
      const told = severity === null ? null : levelOfSeverity(severity);
      const isDefault = isFromStdout && severity === DEFAULT_SEVERITY;
      const level = isDefault ? (parsed.level ?? told) : (told ?? parsed.level);
      const line: LogLine = { host, time, level, source, text };
      const fields = parsed.fields ?? {};
      if (unit !== null && Object.keys(fields).length < MAX_FIELDS) fields['unit'] ??= unit;
      if (Object.keys(fields).length > 0) line.fields = fields;
      if (isTruncated) line.truncated = true;
      emit({ name: 'log', data: line });
    },
  };
}
