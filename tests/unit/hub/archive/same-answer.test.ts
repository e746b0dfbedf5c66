/** A filter finds the same lines in the archive as the one evaluator does, whatever the lines and the filter. */
import { expect, test } from 'vitest';
import { linePredicate } from '../../../../shared/filter/evaluate.ts';
import { parseFilter } from '../../../../shared/filter/parse.ts';
import { logLevels } from '../../../../shared/log-level.ts';
import type { LogFieldValue, LogLine } from '../../../../shared/schema/logs.ts';
import { keeperOf, searchIn, writeTape } from '../../../support/archive-of.ts';
import { logLineOf, startTime } from '../../../support/observations.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';

const ROUNDS = 3;
const LINES = 300;
const FILTERS = 70;

/** Pieces of lines and of filters: what is compared whatever its case, in ways that differ for some letters, and what may end a word. */
const pieces = [
  ...[
    'refused',
    'Refused',
    'REF',
    'fuse',
    'used',
    'a',
    'ab',
    'abc',
    'xabcx',
    'connection',
    'time out',
    'é',
    'É',
  ],
  ...[
    '\u212a',
    'ß',
    'SS',
    'ſ',
    's',
    'K',
    'k',
    'İ',
    'i',
    'ı',
    'Σ',
    'ς',
    'σ',
    '漢字',
    '😀',
    '\ud83d',
    '\u001b[31mred\u001b[0m',
    'red',
  ],
  ...[
    '500',
    '5e2',
    '0x1f4',
    '12ms',
    'ms',
    'a=b',
    'n=500',
    'key="v w"',
    '/var/log',
    'x\ny',
    '\t',
    '"',
    '\\',
    '-',
    ':',
    '.',
  ],
];
const keys = ['n', 'key', 'user.name', 'status'];
const values: LogFieldValue[] = [
  'Refused',
  '500',
  500,
  500.5,
  0,
  '-0',
  '5e2',
  'K8s',
  '\u212a8s',
  'İx',
  'v w',
  'abc',
  true,
  null,
  '',
  'a*c',
];

class Dice {
  #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  below(bound: number): number {
    this.#seed ^= this.#seed << 13;
    this.#seed ^= this.#seed >>> 17;
    this.#seed ^= this.#seed << 5;
    return (this.#seed >>> 0) % bound;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }
}

function randomLine(dice: Dice, index: number): LogLine {
  const text = Array.from({ length: dice.below(7) }, () => dice.pick(pieces)).join(dice.pick(['', ' ', 'z']));
  const fields = Object.fromEntries(
    Array.from({ length: dice.below(3) }, () => [dice.pick(keys), dice.pick(values)]),
  );
  return {
    host: dice.pick(['web-1', 'web-2', 'db-1']),
    time: startTime + index * 10 - dice.below(5_000),
    level: dice.pick([null, ...logLevels]),
    source: dice.pick(['app', 'nginx/access.log']),
    text,
    ...(dice.below(2) === 0 && { fields }),
    ...(dice.below(20) === 0 && { late: true as const }),
  };
}

function randomFilter(dice: Dice, depth = 0): string {
  const term = (): string => {
    switch (dice.below(depth > 2 ? 6 : 8)) {
      case 0:
      case 1:
        return quoted(dice.pick(pieces) + (dice.below(3) === 0 ? dice.pick(pieces) : ''));
      case 2:
        return `level${dice.pick(['=', '!=', '>=', '<', '>', '<='])}${dice.pick([...logLevels, 'none'])}`;
      case 3:
        return `${dice.pick(keys)}${dice.pick(['=', ':', '!='])}${dice.pick([quoted, plain])(String(dice.pick(values)))}`;
      case 4:
        return dice.pick([
          'host:web',
          'host=db-1',
          'host=*.net',
          'source:nginx',
          'n>499',
          'status<=500',
          'n=50*',
        ]);
      case 5:
        return dice.pick(['/ref.?used/i', '/^a/', '/[0-9]{3}/', '/\\bms$/']);
      case 6:
        return `-(${randomFilter(dice, depth + 1)})`;
      default:
        return `(${randomFilter(dice, depth + 1)})`;
    }
  };
  const terms = Array.from({ length: 1 + dice.below(3) }, term);
  return terms.join(dice.pick([' ', ' ', ' OR ']));
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function plain(text: string): string {
  return /^[^\s()"]+$/.test(text) ? text : quoted(text);
}

/** By whom hosts are called in this test. */
const names = { 'web-1': 'front.example.net' };

test.each(Array.from({ length: ROUNDS }, (_, round) => round))(
  'lines and filters of round %i',
  async (round) => {
    const dice = new Dice(7919 * (round + 1));
    await using folder = await makeTempFolder();
    const lines = Array.from({ length: LINES }, (_, index) => randomLine(dice, index));
    // Few lines in a block, so that the index has something to leave out; the rest on a tape.
    using keeper = keeperOf(folder.path);
    for (let at = 0; at < LINES - 100; at += 25) {
      writeTape(folder.path, lines.slice(at, at + 25), at + 1);
      keeper.move(null);
    }
    writeTape(folder.path, lines.slice(LINES - 100), LINES - 99);
    let passing = 0;
    for (let count = 0; count < FILTERS; count++) {
      const filter = randomFilter(dice);
      const passes = linePredicate(parseFilter(filter), {
        hostName: (host) => (names as Record<string, string>)[host],
      });
      const expected = lines.filter(passes);
      passing += expected.length;
      const found = searchIn(folder.path, { filter, names });
      expect(found.lines, filter).toEqual(expected);
      const counted = searchIn(folder.path, { filter, names, limit: 1, buckets: 7, order: 'newest' });
      expect(counted.end.matched, filter).toBe(expected.length);
      expect(counted.lines, filter).toEqual(expected.slice(-1));
      expect(sumOf(counted.end.histogram), filter).toBeLessThanOrEqual(expected.length);
    }
    // Filters that none or all lines pass would prove little.
    expect(passing).toBeGreaterThan(FILTERS * 10);
    expect(passing).toBeLessThan(FILTERS * (LINES - 25));
  },
);

/** A line alone in its block, and a filter that it passes though it is written otherwise. */
const alone: [filter: string, changes: Partial<LogLine>][] = [
  ['n=500', { text: 'x', fields: { n: '5e2' } }],
  ['n=500', { text: 'x', fields: { n: 500 } }],
  ['n=0x1f4', { text: 'x', fields: { n: 500 } }],
  ['n=500', { text: 'has n=500 in it' }],
  ['key=k8s', { text: 'x', fields: { key: '\u212a8s' } }],
  ['key=\u212a8s', { text: 'x', fields: { key: 'K8S' } }],
  ['key:used', { text: 'x', fields: { key: 'refused' } }],
  ['REFUSED', { text: '\u001b[31mre\u001b[0mfused' }],
  ['fuse', { text: 'refused' }],
  ['"\ud83dx"', { text: 'a\ud83dxb' }],
  ['-refused', { text: 'taken' }],
  ['level=none', { text: 'x', level: null }],
];

test('a line alone in its block is found, however it is written', async () => {
  await using folder = await makeTempFolder();
  using keeper = keeperOf(folder.path);
  const lines = alone.map(([, changes], index) => ({ ...logLineOf('web-1', index), ...changes }));
  for (const [index, line] of lines.entries()) {
    writeTape(folder.path, [line], index + 1);
    keeper.move(null);
  }
  for (const [index, [filter]] of alone.entries())
    expect([filter, searchIn(folder.path, { filter }).lines]).toEqual([
      filter,
      expect.arrayContaining([lines[index]]),
    ]);
});

function sumOf(histogram: Record<string, number[]> | null): number {
  return Object.values(histogram ?? {})
    .flat()
    .reduce((sum, count) => sum + count, 0);
}
