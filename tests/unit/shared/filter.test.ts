/** The filter language: what parses, what it matches, and where it says a fault is. */
import { describe, expect, it } from 'vitest';
import { linePredicate } from '../../../shared/filter/evaluate.ts';
import { FilterSyntaxError } from '../../../shared/filter/filter-syntax-error.ts';
import { parseFilter } from '../../../shared/filter/parse.ts';
import { fieldTerm, withTerm } from '../../../shared/filter/term.ts';
import { marksOf, type FilterNode } from '../../../shared/filter/tree.ts';
import type { LogLine } from '../../../shared/schema/logs.ts';

const lines = {
  nginx: line({
    source: 'nginx/access.log',
    level: 'info',
    text: 'GET /api/users 200 in 12ms',
    fields: { method: 'GET', path: '/api/users', status: 200, took: 12.5, 'user.name': 'Ana' },
  }),
  failed: line({
    host: 'db-1',
    source: 'postgres',
    level: 'error',
    text: 'Connection refused: std::net (os error 111)',
  }),
  slow: line({
    source: 'app',
    level: 'warn',
    text: 'slow query took=830 status=50',
    fields: { took: '830' },
  }),
  styled: line({
    source: 'app',
    level: null,
    text: '\u001b[31mlev\u001b[0mel reached /var/log/app at 12:30',
  }),
};
type Name = keyof typeof lines;

/** filter, then the lines that pass. */
const examples: [filter: string, passing: Name[]][] = [
  ['', ['nginx', 'failed', 'slow', 'styled']],
  ['CONNECTION', ['failed']],
  ['slow query', ['slow']],
  ['query slow', ['slow']],
  ['"slow query"', ['slow']],
  ['"query slow"', []],
  ['-slow', ['nginx', 'failed', 'styled']],
  ['NOT slow', ['nginx', 'failed', 'styled']],
  ['-"os error" -GET', ['slow', 'styled']],
  ['slow OR refused', ['failed', 'slow']],
  ['slow or refused', []],
  ['slow OR refused level>=error', ['failed', 'slow']],
  ['(slow OR refused) level<error', ['slow']],
  ['-(slow OR refused)', ['nginx', 'styled']],
  ['slow AND took', ['slow']],
  ['/sl.w/', ['slow']],
  ['/SLOW/', []],
  ['/SLOW/i', ['slow']],
  ['/^get .*ms$/i', ['nginx']],
  ['-/[a-z] \\d+/', ['slow']],
  ['/var/log', ['styled']],
  ['/var/log/app', ['styled']],
  ['std::net', ['failed']],
  ['refused:', ['failed']],
  ['12:30', ['styled']],
  ['level', ['styled']],
  ['level>=warn', ['failed', 'slow']],
  ['level:warning', ['slow']],
  ['level=err', ['failed']],
  ['level!=info', ['failed', 'slow', 'styled']],
  ['level=none', ['styled']],
  ['-level>=warn', ['nginx', 'styled']],
  ['host:db*', ['failed']],
  ['host=db-1', ['failed']],
  ['host=db', []],
  ['host:database', ['failed']],
  ['host!=database', ['nginx', 'slow', 'styled']],
  ['source:nginx', ['nginx']],
  ['source=nginx', []],
  ['source=nginx*', ['nginx']],
  ['status=200', ['nginx']],
  ['status=50', ['slow']],
  ['status>=200', ['nginx']],
  ['took>100', ['slow']],
  ['took<100', ['nginx']],
  ['took=12.50', ['nginx']],
  ['method=get', ['nginx']],
  ['method!=POST', ['nginx']],
  ['path=/api/*', ['nginx']],
  ['path="/api/*"', []],
  ['path:users', ['nginx']],
  ['user.name=ana', ['nginx']],
  ['__proto__=x', []],
  ['constructor:Object', []],
  ['--slow', []],
  ['-', []],
];

describe('filter language', () => {
  it.each(examples)('%s', (filter, passing) => {
    const passes = linePredicate(parseFilter(filter), {
      hostName: (id) => (id === 'db-1' ? 'database' : undefined),
    });
    expect(Object.keys(lines).filter((name) => passes(lines[name as Name]))).toEqual(passing);
  });

  it.each([
    ['slow OR', 7, 'missing'],
    ['OR slow', 0, 'missing before'],
    ['(slow', 0, 'never closed'],
    ['slow)', 4, 'no ('],
    ['a "b', 2, 'never closed'],
    ['a ""', 2, 'empty'],
    ['main()', 5, 'in quotes'],
    ['level>=wran', 0, 'no level "wran"'],
    ['a took>fast', 2, 'needs a number'],
    ['status=', 7, 'compared with'],
    ['/a(/', 0, 'Not a regular expression'],
    ['('.repeat(40) + 'a' + ')'.repeat(40), 32, 'deep'],
    ['a'.repeat(1001), 1000, 'at most'],
  ])('names the place of the fault in %s', (filter, position, message) => {
    const fault = faultIn(filter);
    expect(fault.position).toBe(position);
    expect(fault.message).toContain(message);
  });

  it('means what its parts mean, however they are combined', () => {
    const random = randomNumbers(7);
    for (let round = 0; round < 500; round++) {
      const tree = randomTree(random, 4);
      const passes = linePredicate(parseFilter(written(tree)));
      for (const each of Object.values(lines))
        expect([written(tree), passes(each)]).toEqual([written(tree), meaning(tree, each)]);
    }
  });

  it('answers any text with a tree or with a fault inside the text', () => {
    const random = randomNumbers(11);
    const alphabet = [
      '(',
      ')',
      '"',
      '/',
      '\\',
      '-',
      ' ',
      'OR',
      'AND',
      'NOT',
      'a',
      ':',
      '=',
      '>',
      'level',
      '*',
      '[',
      '\u001b',
    ];
    for (let round = 0; round < 2_000; round++) {
      const text = Array.from({ length: random(12) }, () => alphabet[random(alphabet.length)]).join('');
      try {
        parseFilter(text);
      } catch (error) {
        expect(error).toBeInstanceOf(FilterSyntaxError);
        expect((error as FilterSyntaxError).position).toBeLessThanOrEqual(text.length);
      }
    }
  });

  it('does not slow down on patterns of many stars', () => {
    const passes = linePredicate(parseFilter(`path=${'a*'.repeat(20)}${'*'.repeat(200)}b`));
    expect(passes(line({ text: '', fields: { path: 'a'.repeat(30_000) } }))).toBe(false);
    expect(passes(line({ text: '', fields: { path: `${'a'.repeat(30_000)}b` } }))).toBe(true);
  });
});

describe('marks', () => {
  it('are the texts and expressions that are not negated', () => {
    const marks = marksOf(parseFilter('slow -(fast OR /x/) /took=\\d+/ level>=warn "a b"'));
    expect(marks.map((mark) => (mark.kind === 'text' ? mark.text : mark.pattern))).toEqual([
      'slow',
      'took=\\d+',
      'a b',
    ]);
  });
});

describe('terms', () => {
  it.each([
    ['status', 200],
    ['path', '/api/users'],
    ['message', 'say "hi" \\ bye'],
    ['empty', ''],
    ['glob', 'a*b?'],
    ['word', 'OR'],
    ['nothing', null],
  ])('written for %s=%s find the line they were made from', (key, value) => {
    const passes = linePredicate(parseFilter(fieldTerm(key, value)));
    expect(passes(line({ text: '', fields: { [key]: value } }))).toBe(true);
    expect(passes(line({ text: '', fields: { [key]: 'other' } }))).toBe(false);
  });

  it('are added once, beside what is there', () => {
    expect(withTerm('', 'a=1')).toBe('a=1');
    expect(withTerm('x', 'a=1')).toBe('x a=1');
    expect(withTerm('x a=1', 'a=1')).toBe('x a=1');
    expect(withTerm('x OR y', 'a=1')).toBe('(x OR y) a=1');
  });
});

function line(part: Partial<LogLine>): LogLine {
  return { host: 'web-1', time: 0, level: null, source: 'app', text: '', ...part };
}

function faultIn(filter: string): FilterSyntaxError {
  try {
    parseFilter(filter);
  } catch (error) {
    if (error instanceof FilterSyntaxError) return error;
  }
  throw new Error(`no fault in ${filter}`);
}

/** mulberry32: the same numbers for the same seed; `random(n)` is 0 to n-1. */
function randomNumbers(seed: number): (below: number) => number {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function randomTree(random: (below: number) => number, depth: number): FilterNode {
  const kind = depth === 0 ? 3 : random(5);
  if (kind === 0) return { kind: 'not', node: randomTree(random, depth - 1) };
  if (kind === 1 || kind === 2) {
    const nodes = Array.from({ length: 2 + random(2) }, () => randomTree(random, depth - 1));
    return kind === 1 ? { kind: 'and', nodes } : { kind: 'or', nodes };
  }
  const words = ['slow', 'os error', 'GET', 'took', '(os', 'zzz', 'OR', 'say "x"'];
  return { kind: 'text', text: words[random(words.length)]! };
}

function written(node: FilterNode): string {
  if (node.kind === 'and' || node.kind === 'or') {
    return `(${node.nodes.map(written).join(node.kind === 'and' ? ' ' : ' OR ')})`;
  }
  if (node.kind === 'not') return `-${written(node.node)}`.replace(/^--/, 'NOT -');
  if (node.kind === 'text') return `"${node.text.replaceAll('"', '\\"')}"`;
  throw new Error(node.kind);
}

function meaning(node: FilterNode, of: LogLine): boolean {
  if (node.kind === 'and') return node.nodes.every((inner) => meaning(inner, of));
  if (node.kind === 'or') return node.nodes.some((inner) => meaning(inner, of));
  if (node.kind === 'not') return !meaning(node.node, of);
  if (node.kind === 'text') return of.text.toLowerCase().includes(node.text.toLowerCase());
  throw new Error(node.kind);
}
