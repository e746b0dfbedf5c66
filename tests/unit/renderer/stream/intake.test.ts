/** Raw events become events of the page once each; what was taken is told with the place before it. */
import { beforeEach, expect, test } from 'vitest';
import { createDecoder } from '../../../../renderer/stream/decode.ts';
import { createIntake, type Intake } from '../../../../renderer/stream/intake.ts';
import type { Hello } from '../../../../shared/schema/stream.ts';
import { logLineOf } from '../../../support/observations.ts';

const greeting: Hello = {
  protocol: 1,
  hubVersion: '0.0.0-test',
  epoch: 'abcd',
  serverTime: 0,
  intervalMs: 1_000,
  heartbeatMs: 15_000,
  role: 'owner',
  channels: ['logs'],
  hosts: null,
  resumed: false,
};

let handed: string[];
let told: string[];
let intake: Intake;

beforeEach(() => {
  handed = [];
  told = [];
  intake = createIntake({
    decoder: createDecoder({ warn: () => {} }),
    onEvent: ({ name }, id) => handed.push(`${name} ${id}`),
    onTaken: ({ id }, after) => told.push(`${after || 'nothing'} -> ${id}`),
  });
  intake.take({ name: 'hello', id: 'abcd-4~', data: JSON.stringify(greeting) });
  intake.take(lineAt('abcd-4~'));
  intake.take({ name: 'ready', id: 'abcd-4', data: '{"cursor":"abcd-4","replayed":0}' });
  handed.length = told.length = 0;
});

function lineAt(id: string): { id: string; name: string; data: string } {
  return { id, name: 'log', data: JSON.stringify(logLineOf()) };
}

test('the same event by two ways is handed on once, and told once', () => {
  expect(intake.take(lineAt('abcd-6'))?.name).toBe('log');
  expect(intake.take(lineAt('abcd-6'))).toBeNull();
  expect(handed).toEqual(['log abcd-6']);
  expect(told).toEqual(['abcd-4 -> abcd-6']);
});

test('an event that cannot be read is left out, told to others, and not asked for again', () => {
  expect(intake.take({ name: 'log', id: 'abcd-7', data: '{"host":1}' })).toBeNull();
  expect(handed).toEqual([]);
  expect(told).toEqual(['abcd-4 -> abcd-7']);
  expect(intake.place.cursor).toBe('abcd-7');
});

test('a ping moves the place and is told, also when nothing is new', () => {
  intake.take({ name: 'ping', id: 'abcd-4', data: '{"serverTime":1}' });
  intake.take({ name: 'ping', id: 'abcd-9', data: '{"serverTime":2}' });
  expect(told).toEqual(['abcd-4 -> abcd-4', 'abcd-4 -> abcd-9']);
  expect(intake.place.cursor).toBe('abcd-9');
});

test('only a gap made for a slow reader may stand at the present place', () => {
  const gap = (reason: string): string =>
    JSON.stringify({ host: null, channel: 'logs', reason, from: 1, to: 2, count: 3 });
  expect(intake.take({ name: 'gap', id: 'abcd-4', data: gap('offline') })).toBeNull();
  expect(intake.take({ name: 'gap', id: 'abcd-4', data: gap('slow-reader') })?.name).toBe('gap');
});

test('a hub of another protocol is not handed on, nor an event without a rule', () => {
  const future = { ...greeting, protocol: 2, resumed: true };
  expect(intake.take({ name: 'hello', id: 'abcd-4', data: JSON.stringify(future) })?.name).toBe('hello');
  expect(intake.take({ name: 'toString', id: 'abcd-5', data: '{}' })).toBeNull();
  expect(handed).toEqual([]);
});

test('a reset forgets the place: what follows is a snapshot', () => {
  intake.take({ name: 'reset', id: 'ef01-2~', data: '{"reason":"epoch"}' });
  expect(intake.place.cursor).toBe('');
  intake.take(lineAt('ef01-2~'));
  expect(handed).toEqual(['reset ef01-2~', 'log ef01-2~']);
});
