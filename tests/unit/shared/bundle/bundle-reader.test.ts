/** Bundles are read whole, in any pieces; what is damaged, hostile or not one is refused by the fault it has. */
import { describe, expect, test } from 'vitest';
import { BundleError } from '../../../../shared/bundle/bundle-error.ts';
import { BundleReader } from '../../../../shared/bundle/bundle-reader.ts';
import { MAX_BUNDLE_HOSTS, MAX_BUNDLE_RECORD } from '../../../../shared/bundle/bundle-record.ts';
import { BundleWriter } from '../../../../shared/bundle/bundle-writer.ts';
import { bundleHead, bundleText, historyParts } from '../../../support/bundle-text.ts';
import { hostOf, logLineOf } from '../../../support/observations.ts';

function read(text: string, pieceLength = text.length || 1) {
  const reader = new BundleReader();
  for (let at = 0; at < text.length; at += pieceLength) reader.take(text.slice(at, at + pieceLength));
  return reader.end();
}

function faultOf(text: string): string {
  try {
    read(text);
    return 'none';
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    expect(error.message).toMatch(/^[^.]+\.$/);
    return error.code;
  }
}

const host = { kind: 'event', name: 'host', data: hostOf('web-1') } as const;
const line = (index: number) =>
  ({ kind: 'line', id: `abcd-${index + 1}`, line: logLineOf('web-1', index) }) as const;
const parts = historyParts('web-1', { 'cpu.user': [1, null, 3], 'cpu.idle': [99, null, 97] });
const whole = bundleText([host, ...parts, line(0), line(1)]);

test.each([1, 7, 4096, 1_000_000])('is the same in pieces of %i characters', (pieceLength) => {
  const bundle = read(whole, pieceLength);
  expect(bundle.head).toEqual({ kind: 'bundle', ...bundleHead });
  expect(bundle.events).toEqual([{ name: 'host', data: hostOf('web-1') }]);
  expect([...bundle.history.get('web-1')!.columns.keys()]).toEqual(['cpu.user', 'cpu.idle']);
  expect(bundle.lines.map(({ id }) => id)).toEqual(['abcd-1', 'abcd-2']);
});

describe('is refused', () => {
  const last = whole.lastIndexOf('{"kind":"end"');
  const second = whole.indexOf('\n') + 1;
  test.each([
    ['what is no bundle', 'hello\n', 'bundle-not-one'],
    ['nothing at all', '', 'bundle-not-one'],
    ['other NDJSON', '{"kind":"begin"}\n', 'bundle-not-one'],
    ['a newer one', whole.replace('"format":1', '"format":2'), 'bundle-newer'],
    ['one without its end', whole.slice(0, last), 'bundle-damaged'],
    ['one cut within its end', whole.slice(0, -5), 'bundle-damaged'],
    ['one that goes on behind its end', `${whole}{"kind":"end"}\n`, 'bundle-damaged'],
    [
      'one that lacks a record',
      whole.slice(0, second) + whole.slice(whole.indexOf('\n', second) + 1),
      'bundle-damaged',
    ],
    ['a second head', bundleText([host]).replace(/\n/, `\n${whole.slice(0, second)}`), 'bundle-damaged'],
    ['a window that ends before it begins', bundleText([host], { to: bundleHead.from }), 'bundle-damaged'],
    ['a record of no kind', whole.replace('"kind":"line"', '"kind":"run"'), 'bundle-damaged'],
    ['an event that no bundle holds', whole.replace('"name":"host"', '"name":"hello"'), 'bundle-damaged'],
    ['a host with a path for an id', whole.replace('"id":"web-1"', '"id":"../../etc"'), 'bundle-damaged'],
    ['series of a host that was not announced', bundleText([parts[1]!]), 'bundle-damaged'],
    ['the same host twice', bundleText([...parts, ...parts]), 'bundle-damaged'],
    [
      'a problem in the place of an answer',
      bundleText([
        parts[0]!,
        { kind: 'history', record: { kind: 'problem', error: { code: 'x', message: 'x', remedy: null } } },
      ]),
      'bundle-damaged',
    ],
    [
      'more samples than any host measures',
      bundleText(historyParts('web-1', { 'cpu.user': [1] }, 1)),
      'bundle-damaged',
    ],
    [
      'columns of unequal length',
      whole.replace('"mean":[1,null,3]', '"mean":[1,null,3],"min":[1]'),
      'bundle-damaged',
    ],
    [
      'more of a column than a hub tells',
      bundleText(historyParts('web-1', { 'cpu.user': new Array<number>(11_001).fill(1) })),
      'bundle-damaged',
    ],
    [
      'a line without an end',
      `${whole.slice(0, second)}${' '.repeat(MAX_BUNDLE_RECORD + 1)}`,
      'bundle-too-large',
    ],
    [
      'too many hosts',
      bundleText(
        Array.from({ length: MAX_BUNDLE_HOSTS + 1 }, (_, at) => ({ ...host, data: hostOf(`h-${at}`) })),
      ),
      'bundle-too-large',
    ],
  ])('%s', (_what, text, code) => {
    expect(faultOf(text)).toBe(code);
  });

  const roomy = { text: 1e9, record: 1e9, records: 1e9, hosts: 1e9, lines: 1e9, series: 1e9, values: 1e9 };
  const full = (limits: Partial<typeof roomy>) => {
    const reader = new BundleReader({ ...roomy, ...limits });
    reader.take(whole);
    return reader.end();
  };

  test.each([
    ['text', whole.length],
    ['record', Math.max(...whole.split('\n').map(({ length }) => length))],
    ['records', whole.trimEnd().split('\n').length],
    ['hosts', 1],
    ['lines', 2],
    ['series', 2],
    ['values', 6],
  ] as const)('what holds more %s than there may be, and nothing that just fits', (limit, most) => {
    expect(full({ [limit]: most }).lines).toHaveLength(2);
    expect(() => full({ [limit]: most - 1 })).toThrow(/larger than one may be/);
  });

  test('what unpacks to more than there may be, at once and not at its end', () => {
    const reader = new BundleReader({ ...roomy, text: whole.length - 1 });
    reader.take(whole.slice(0, second));
    expect(() => {
      for (let times = 0; times < 1e6; times++) reader.take('{"kind":');
    }).toThrow(/larger than one may be/);
  });
});

test('a writer never writes what no reader reads', () => {
  const texts: string[] = [];
  const writer = new BundleWriter(bundleHead, (text) => texts.push(text));
  expect(
    writer.add({ ...line(0), line: logLineOf('web-1', 0, { text: 'x'.repeat(MAX_BUNDLE_RECORD) }) }),
  ).toBe(false);
  expect(writer.add(line(1))).toBe(true);
  writer.leaveOut({ what: 'logs', host: 'web-1', why: 'There was no room for it.' });
  writer.end();
  const { lines, omissions } = read(texts.join(''));
  expect(lines).toHaveLength(1);
  expect(omissions).toEqual([{ what: 'logs', host: 'web-1', why: 'There was no room for it.' }]);
});
