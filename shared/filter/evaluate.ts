/**
 * Whether a log line passes a filter: the one meaning of the filter language, wherever lines are read.
 *
 * - Text is found whatever its case, in the line as read: terminal styles do not count.
 * - `=` and `:` on a field the line does not have look for the term in its text, as typed; every other
 *   comparison needs the field. Numbers compare as numbers, all else as text whatever its case.
 * - A line without a level passes `level=none` and `level!=...`, never an order.
 */
import { plainText } from '../ansi-text.ts';
import { levelRank } from '../log-level.ts';
import type { LogFieldValue, LogLine } from '../schema/logs.ts';
import { globTest } from './glob.ts';
import { isNumber } from './parse.ts';
import type { Comparison, FieldNode, FilterNode, LevelNode, RegexNode } from './tree.ts';

export interface EvaluationOptions {
  /** The name people know a host by, matched beside its id. Default: the id alone. */
  hostName?: (hostId: string) => string | undefined;
  /** Answers for an expression that was tried elsewhere. Default: it is tried here, however long it takes. */
  regexMatches?: (regex: RegexNode, line: LogLine) => boolean;
}

export type LinePredicate = (line: LogLine) => boolean;

/** `text` is the line's text without styles, worked out once per line. */
type Test = (line: LogLine, text: string) => boolean;

export function linePredicate(filter: FilterNode, options: EvaluationOptions = {}): LinePredicate {
  const test = testOf(filter, options);
  return (line) => test(line, plainText(line.text));
}

/** An expression that finds `text` literally, whatever its case. */
export function literalPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function testOf(node: FilterNode, options: EvaluationOptions): Test {
  switch (node.kind) {
    case 'and': {
      const tests = node.nodes.map((inner) => testOf(inner, options));
      return (line, text) => tests.every((test) => test(line, text));
    }
    case 'or': {
      const tests = node.nodes.map((inner) => testOf(inner, options));
      return (line, text) => tests.some((test) => test(line, text));
    }
    case 'not': {
      const test = testOf(node.node, options);
      return (line, text) => !test(line, text);
    }
    case 'text':
      return containing(node.text);
    case 'regex':
      return regexTest(node, options);
    case 'level':
      return levelTest(node);
    case 'field':
      return fieldTest(node, options);
  }
}

function containing(sought: string): Test {
  const pattern = new RegExp(literalPattern(sought), 'i');
  return (_line, text) => pattern.test(text);
}

function regexTest(node: RegexNode, options: EvaluationOptions): Test {
  const { regexMatches } = options;
  if (regexMatches) return (line) => regexMatches(node, line);
  const pattern = new RegExp(node.pattern, node.flags);
  return (_line, text) => pattern.test(text);
}

function levelTest({ comparison, level }: LevelNode): Test {
  if (comparison === ':' || comparison === '=') return (line) => line.level === level;
  if (comparison === '!=') return (line) => line.level !== level;
  const rank = levelRank(level);
  return (line) =>
    line.level !== null && level !== null && isOrdered(levelRank(line.level), comparison, rank);
}

function fieldTest(node: FieldNode, options: EvaluationOptions): Test {
  const compare = valueTest(node);
  const { key, comparison } = node;
  if (key === 'host') {
    const { hostName } = options;
    return (line) => {
      const name = hostName?.(line.host) ?? line.host;
      return comparison === '!=' ? compare(line.host) && compare(name) : compare(line.host) || compare(name);
    };
  }
  if (key === 'source') return (line) => compare(line.source);
  const mayBeText = comparison === ':' || comparison === '=';
  const inText = containing(
    node.isQuoted ? `${key}${comparison}"${node.value}"` : `${key}${comparison}${node.value}`,
  );
  return (line, text) => {
    if (line.fields !== undefined && Object.hasOwn(line.fields, key)) return compare(line.fields[key]!);
    return mayBeText && inText(line, text);
  };
}

function valueTest({ comparison, value, isQuoted }: FieldNode): (actual: LogFieldValue) => boolean {
  if (comparison === '!=') {
    const isEqual = wholeTest(value, isQuoted);
    return (actual) => !isEqual(actual);
  }
  if (comparison === '=') return wholeTest(value, isQuoted);
  if (comparison === ':') {
    if (!isQuoted && /[*?]/.test(value)) return wholeTest(value, false);
    const pattern = new RegExp(literalPattern(value), 'i');
    return (actual) => pattern.test(String(actual));
  }
  const bound = Number(value);
  return (actual) => {
    if (typeof actual !== 'number' && !(typeof actual === 'string' && isNumber(actual))) return false;
    return isOrdered(Number(actual), comparison, bound);
  };
}

function wholeTest(value: string, isQuoted: boolean): (actual: LogFieldValue) => boolean {
  const literal = new RegExp(`^(?:${literalPattern(value)})$`, 'is');
  const fits = isQuoted ? (text: string) => literal.test(text) : globTest(value);
  const number = isNumber(value) ? Number(value) : null;
  return (actual) =>
    fits(String(actual)) || (number !== null && isNumber(String(actual)) && Number(actual) === number);
}

function isOrdered(a: number, comparison: Comparison, b: number): boolean {
  if (comparison === '>') return a > b;
  if (comparison === '>=') return a >= b;
  if (comparison === '<') return a < b;
  return a <= b;
}
