/** What a line says of itself: its time, its level, its fields. The line's text is left as it was written. */
import type { LogLevel } from '../../shared/log-level.ts';
import { createClock } from './formats/clock.ts';
import { levelOfFields, levelOfStatusField, timeOfFields } from './formats/field-meaning.ts';
import { jsonFields, logfmtFields, type Fields } from './formats/fields.ts';
import { findColouredLevel, findLevel } from './formats/level-words.ts';
import { lineFormats, type LineFormat } from './formats/line-formats.ts';
import { skipBlanks } from './formats/scan.ts';

export interface ParsedLine {
  /** Epoch milliseconds; null where the line names no time. */
  time: number | null;
  level: LogLevel | null;
  /** From JSON, logfmt and access logs, nested keys joined by dots, at most 64; null where there are none. */
  fields: Fields | null;
}

/** ECMA-48 control sequences: they stand between a line's start and its time, and around its level. */
// eslint-disable-next-line no-control-regex
const colours = /\u001b\[[0-9;:]*[A-Za-z]/g;

export type ParseLine = (text: string) => ParsedLine;

/** @param now epoch milliseconds, for lines that leave out the year or the day. Default: the system clock. */
export function createLineParser(now: () => number = Date.now): ParseLine {
  const clock = createClock(now);
  const keysBefore: string[] = [];
  return (written) => {
    const text = written.includes('\u001b') ? written.replace(colours, '') : written;
    const recognised = recognise(text);
    const body = skipBlanks(text, recognised?.body ?? 0);
    const fields = recognised?.fields ?? jsonFields(text, body) ?? logfmtFields(text, body, keysBefore);
    let time = recognised?.time ?? null;
    let level = recognised?.level ?? null;
    if (fields !== null) {
      time ??= timeOfFields(fields, clock);
      level ??= levelOfFields(fields);
    }
    level ??= findLevel(text, body);
    if (text !== written) level ??= findColouredLevel(written);
    if (fields !== null) level ??= levelOfStatusField(fields);
    return { time, level, fields };
  };

  function recognise(text: string): ReturnType<LineFormat['recognise']> {
    for (const format of formatsByStart[text.charCodeAt(0)] ?? formatsOfAnyStart) {
      const recognised = format.recognise(text, clock);
      if (recognised !== null) return recognised;
    }
    return null;
  }
}

const formatsOfAnyStart = lineFormats.filter(({ starts }) => starts === null);

/** By the code of a line's first character: most lines meet one or two formats only. */
const formatsByStart: readonly (readonly LineFormat[])[] = Array.from({ length: 128 }, (_, code) =>
  lineFormats.filter(({ starts }) => starts === null || starts.includes(String.fromCharCode(code))),
);
