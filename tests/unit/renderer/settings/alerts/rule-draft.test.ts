/** An alert rule as a form: what may stand in its fields, what is said otherwise, and that no more is asked than was changed. */
import { describe, expect, it, test } from 'vitest';
import {
  isChanged,
  readPercent,
  readWait,
  ruleChangeOf,
  ruleDraftOf,
  ruleFaultsOf,
  waitText,
} from '../../../../../renderer/screens/settings/alerts/rule-draft.ts';
import type { AlertRule } from '../../../../../shared/schema/alerts.ts';

const MINUTE = 60_000;
const rule: AlertRule = {
  measure: 'memory',
  level: 'warn',
  isArmed: true,
  above: 95,
  forMs: 5 * MINUTE,
  clearBelow: 90,
  clearForMs: 2 * MINUTE,
};
const silence: AlertRule = { ...rule, measure: 'offline', above: null, clearBelow: null };
const faultsOf = (changes: object) => ruleFaultsOf({ ...ruleDraftOf(rule), ...changes }, true);

test.each([
  [0, '0 s'],
  [1_500, '1.5 s'],
  [90_000, '1 min 30 s'],
  [5 * MINUTE, '5 min'],
  [90 * MINUTE, '1 h 30 min'],
  [24 * 60 * MINUTE, '24 h'],
])('a wait of %d ms is told whole, and read as it is told', (ms, text) => {
  expect(waitText(ms)).toBe(text);
  expect(readWait(text)).toBe(ms);
});

test.each([
  ['5', 5 * MINUTE],
  ['90s', 90_000],
  [' 2 Hours ', 120 * MINUTE],
  ['1h30m', 90 * MINUTE],
  ['1,5 min', 90_000],
  ['', null],
  ['soon', null],
  ['5 days', null],
  ['-5 min', null],
  ['5 min or so', null],
])('a wait is read as it may be typed: %j', (text, ms) => {
  expect(readWait(text)).toBe(ms);
});

test.each([
  ['90', 90],
  ['92.5 %', 92.5],
  ['92,5%', 92.5],
  ['', null],
  ['-1', null],
  ['1e3', null],
  ['ninety', null],
])('a percentage is read as it may be typed: %j', (text, percent) => {
  expect(readPercent(text)).toBe(percent);
});

describe('what may not stand in a field', () => {
  it('is nothing in the rule as it is', () => {
    expect(faultsOf({})).toEqual({});
    expect(ruleFaultsOf(ruleDraftOf(silence), false)).toEqual({});
  });

  it.each([
    [{ above: 'lots' }, 'above', /“lots” is no percentage/],
    [{ above: '' }, 'above', /needs a number/],
    [{ above: '100', clearBelow: '90' }, 'above', /never fire/],
    [{ clearBelow: '0' }, 'clearBelow', /never clear/],
    [{ clearBelow: '96' }, 'clearBelow', /write 95 or less/],
    [{ forMs: 'a while' }, 'forMs', /“a while” is no length of time/],
    [{ clearForMs: '' }, 'clearForMs', /needs a length of time/],
    [{ forMs: '25 h' }, 'forMs', /24 h or less/],
  ])('is told in its own field: %j', (changes, field, says) => {
    const faults = faultsOf(changes);
    expect(Object.keys(faults)).toEqual([field]);
    expect(Object.values(faults)[0]).toMatch(says);
  });

  it('may stand where it always has: to fire and to clear at the same amount', () => {
    expect(faultsOf({ clearBelow: '95' })).toEqual({});
  });
});

describe('what is asked of the hub', () => {
  it('is what was changed, and no more', () => {
    const draft = ruleDraftOf(rule);
    expect(ruleChangeOf(draft, rule)).toBeNull();
    expect(ruleChangeOf({ ...draft, above: '92.5', forMs: '300 s' }, rule)).toEqual({ above: 92.5 });
    expect(ruleChangeOf({ ...draft, clearForMs: '10 s' }, rule)).toEqual({ clearForMs: 10_000 });
  });

  it('has no amount where the rule has none', () => {
    expect(ruleChangeOf({ ...ruleDraftOf(silence), forMs: '1' }, silence)).toEqual({ forMs: MINUTE });
  });

  it('is nothing while a field is wrong', () => {
    expect(ruleChangeOf({ ...ruleDraftOf(rule), above: '92', forMs: 'soon' }, rule)).toBeNull();
  });
});

test('a draft is changed once something else stands there, good or not, and not by another way to write the same', () => {
  const draft = ruleDraftOf(rule);
  expect(isChanged(draft, rule)).toBe(false);
  expect(isChanged({ ...draft, forMs: '300 s' }, rule)).toBe(false);
  expect(isChanged({ ...draft, forMs: '301 s' }, rule)).toBe(true);
  expect(isChanged({ ...draft, forMs: 'soon' }, rule)).toBe(true);
  // Written by a script: it is no fault of who looks at it.
  const odd = { ...rule, above: 100 };
  expect(isChanged(ruleDraftOf(odd), odd)).toBe(false);
});
