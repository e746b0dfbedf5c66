/** The named values of a line, collected within bounds. */
import type { LogFieldValue } from '../../../shared/schema/logs.ts';
import { digits } from './scan.ts';

export type Fields = Record<string, LogFieldValue>;

/** Of one line; what is more is left out. */
export const MAX_FIELDS = 64;
const MAX_KEY_LENGTH = 256;
const MAX_DEPTH = 8;

/** Objects and arrays flattened, keys joined by dots: `{a: {b: [1]}}` is `a.b.0`. What lies too deep is "{...}". */
function flattenFields(value: object): Fields {
  const fields: Fields = {};
  let room = MAX_FIELDS;
  visit(value, '', 1);
  return fields;

  function visit(parent: object, prefix: string, depth: number): void {
    for (const key in parent) {
      if (room === 0) return;
      const child: unknown = (parent as Record<string, unknown>)[key];
      const name = prefix === '' ? key : `${prefix}.${key}`;
      // Assigning `__proto__` would set the prototype instead of a field.
      if (name === '__proto__' || name.length > MAX_KEY_LENGTH) continue;
      if (typeof child === 'object' && child !== null && depth < MAX_DEPTH) {
        visit(child, name, depth + 1);
        continue;
      }
      fields[name] = typeof child === 'object' && child !== null ? '{...}' : (child as LogFieldValue);
      room--;
    }
  }
}

/** Null where the text from `from` on is no JSON object. */
export function jsonFields(text: string, from: number): Fields | null {
  if (text.charCodeAt(from) !== 123 || !text.trimEnd().endsWith('}')) return null;
  try {
    return flattenFields(JSON.parse(from === 0 ? text : text.slice(from)) as object);
  } catch {
    return null;
  }
}

/**
 * `key=value key="a value" ...`, two pairs at least, words between them allowed; null for fewer. `keysBefore`: those of the line before, in
 * order, which this line's take the place of. Programs write the same ones again, and a string that is made anew has to be looked up before
 * it can name a field.
 */
export function logfmtFields(text: string, from: number, keysBefore: string[] = []): Fields | null {
  let equals = text.indexOf('=', from);
  if (equals === -1) return null;
  const fields: Fields = {};
  let count = 0;
  let free = from;
  while (equals !== -1 && count < MAX_FIELDS) {
    const start = keyStart(text, free, equals);
    if (start === equals) {
      free = equals + 1;
    } else {
      const end = valueEnd(text, equals + 1);
      const key = keyAt(text, start, equals, keysBefore, count);
      if (key !== '__proto__') {
        fields[key] = valueOf(text, equals + 1, end);
        count++;
      }
      free = end;
    }
    equals = text.indexOf('=', free);
  }
  return count >= 2 ? fields : null;
}

function keyAt(text: string, start: number, end: number, keysBefore: string[], place: number): string {
  const before = keysBefore[place];
  if (before !== undefined && before.length === end - start) {
    let at = 0;
    while (at < before.length && before.charCodeAt(at) === text.charCodeAt(start + at)) at++;
    if (at === before.length) return before;
  }
  return (keysBefore[place] = text.slice(start, end));
}

/** A key starts the line or follows a blank, and holds no other characters than these; else `equals` itself. */
function keyStart(text: string, free: number, equals: number): number {
  let start = equals;
  while (start > free && equals - start <= MAX_KEY_LENGTH && isKeyCode(text.charCodeAt(start - 1))) start--;
  const before = start === free ? 32 : text.charCodeAt(start - 1);
  const isKey = before === 32 || before === 9 || before === 91 || before === 40;
  return isKey ? start : equals;
}

function isKeyCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 64 && code <= 90) ||
    (code >= 45 && code <= 57 && code !== 47) ||
    code === 95
  );
}

/** Behind the value: behind the closing quote, or at the blank. */
function valueEnd(text: string, start: number): number {
  if (text.charCodeAt(start) === 34) {
    for (let i = start + 1; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 92) i++;
      else if (code === 34) return i + 1;
    }
  }
  const blank = text.indexOf(' ', start);
  return blank === -1 ? text.length : blank;
}

const plainNumber = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;

function valueOf(text: string, start: number, end: number): LogFieldValue {
  const first = text.charCodeAt(start);
  if (first === 34 && end - start >= 2 && text.charCodeAt(end - 1) === 34) {
    const inner = text.slice(start + 1, end - 1);
    return inner.includes('\\') ? inner.replace(/\\(.)/g, unescaped) : inner;
  }
  const stop = text.charCodeAt(end - 1) === 44 && end > start ? end - 1 : end;
  const whole = wholeNumber(text, start, stop);
  if (whole !== null) return whole;
  const raw = text.slice(start, stop);
  if ((first === 45 || (first >= 48 && first <= 57)) && plainNumber.test(raw)) return Number(raw);
  if (raw === 'true') return true;
  return raw === 'false' ? false : raw;
}

/** Most numbers are whole ones, read without a string of their own. Null for others, and for a zero before digits: such are names. */
function wholeNumber(text: string, start: number, end: number): number | null {
  const length = end - start;
  if (length < 1 || length > 15 || (length > 1 && text.charCodeAt(start) === 48)) return null;
  const value = digits(text, start, length);
  return value < 0 ? null : value;
}

function unescaped(_: string, character: string): string {
  if (character === 'n') return '\n';
  return character === 't' ? '\t' : character;
}
