/** Lines of batches: the good ones with their data, each bad one named by its place and fault. */
import { expect, test } from 'vitest';
import { readRecordLine } from '../../../../hub/intake/record-line.ts';
import { MAX_RECORD_BYTES } from '../../../../shared/schema/uplink.ts';
import { logLineOf, observedHost, processesOf, sampleOf } from '../../../support/observations.ts';

const expected = { run: 'aaaa', seq: 7 };

function read(line: string) {
  return readRecordLine(Buffer.from(line), 'web-1', expected);
}

function recordLine(name: string, data: unknown, changes: object = {}): string {
  return JSON.stringify({ run: 'bbbb', seq: 3, mono: 12.5, name, data, ...changes });
}

test('a record is read with its data', () => {
  expect(read(recordLine('sample', sampleOf())).record).toEqual({
    run: 'bbbb',
    seq: 3,
    mono: 12.5,
    name: 'sample',
    data: sampleOf(),
  });
  expect(read(recordLine('describe', observedHost())).record?.data).toEqual(observedHost());
  expect(read(recordLine('processes', processesOf())).record?.name).toBe('processes');
});

test('what its schema does not know is not taken over', () => {
  const { record } = read(recordLine('log', { ...logLineOf(), extra: 'x'.repeat(100) }));
  expect(record?.data).toEqual(logLineOf());
});

const deep = `${'['.repeat(40)}${']'.repeat(40)}`;

test.each([
  ['no JSON', '{"run":"bbbb","seq":3,"mono"', 'not-json'],
  ['a value that does not fit', recordLine('sample', { ...sampleOf(), uptimeSeconds: -1 }), 'bad-record'],
  ['a name of the hub', recordLine('host', {}), 'bad-record'],
  ['another host', recordLine('sample', sampleOf('web-2')), 'foreign-host'],
  [
    'no host',
    recordLine('gap', { host: null, channel: 'logs', reason: 'offline', from: 0, to: 1, count: null }),
    'foreign-host',
  ],
  ['the description of another host', recordLine('describe', observedHost('web-2')), 'foreign-host'],
  ['too deep', recordLine('log', logLineOf()).replace('"text"', `"deep":${deep},"text"`), 'bad-record'],
  [
    'a prototype',
    recordLine('log', logLineOf()).replace('"text"', '"__proto__":{"a":1},"text"'),
    'bad-record',
  ],
  [
    'a prototype in escapes',
    recordLine('log', logLineOf()).replace('"text"', '"\\u005f_proto__":{},"text"'),
    'bad-record',
  ],
  [
    'too large',
    recordLine('log', logLineOf('web-1', 0, { text: 'x'.repeat(MAX_RECORD_BYTES) })),
    'record-too-large',
  ],
])('refused with its place: %s', (_, line, code) => {
  const { refusal } = read(line);
  expect(refusal).toMatchObject({ run: 'bbbb', seq: 3, code });
  expect(refusal!.message.length).toBeGreaterThan(10);
});

test.each([
  ['garbage', '\u0000\u0001garbage'],
  ['an empty list', '[]'],
  ['a bare value', 'null'],
  ['brackets without end', '['.repeat(500_000)],
])('a line that names no place is refused at the one after the line before: %s', (_, line) => {
  expect(read(line).refusal).toMatchObject(expected);
});
