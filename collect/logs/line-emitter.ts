/** Turns a line as read into the `log` observation. */
import type { LogLine } from '../../shared/schema/logs.ts';
import type { Emit } from './log-source-reader.ts';
import { createLineParser } from './parse-line.ts';

/** `source` is the source's label; a line that names no time gets the time it was read. */
export type EmitLine = (source: string, text: string, isTruncated: boolean) => void;

export function createLineEmitter(host: string, emit: Emit): EmitLine {
  const parseLine = createLineParser();
  return (source, text, isTruncated) => {
    const { time, level, fields } = parseLine(text);
    const line: LogLine = { host, time: time ?? Date.now(), level, source, text };
    if (fields !== null) line.fields = fields;
    if (isTruncated) line.truncated = true;
    emit({ name: 'log', data: line });
  };
}
