/** The page's place: each event once, in order, whichever way it comes. */
import { beforeEach, expect, test } from 'vitest';
import { createPlace, type Place } from '../../../../renderer/stream/place.ts';

let place: Place;

beforeEach(() => {
  place = createPlace();
  place.beginSnapshot();
  place.arrive('abcd-10');
});

test('there is nothing to resume from before the first snapshot has ended', () => {
  const fresh = createPlace();
  expect(fresh.cursor).toBe('');
  fresh.beginSnapshot();
  expect(fresh.take('abcd-10~')).toBe(true);
  expect(fresh.cursor).toBe('');
  fresh.arrive('abcd-10');
  expect(fresh.cursor).toBe('abcd-10');
});

test('an event is taken once, and what lies before it never', () => {
  expect(place.take('abcd-12')).toBe(true);
  expect(place.take('abcd-12')).toBe(false);
  expect(place.take('abcd-11')).toBe(false);
  expect(place.cursor).toBe('abcd-12');
});

test('parts of a snapshot that this page did not see begin are not taken', () => {
  expect(place.take('abcd-12~')).toBe(false);
});

test('a gap for a slow reader is new at the present place alone, and does not move it', () => {
  expect(place.take('abcd-10', true)).toBe(true);
  expect(place.take('abcd-9', true)).toBe(false);
  expect(place.cursor).toBe('abcd-10');
});

test('an end of a replay that is behind does not move the place back', () => {
  place.take('abcd-12');
  place.arrive('abcd-11');
  expect(place.cursor).toBe('abcd-12');
});

test('another start of the hub begins anew with its snapshot, however low its numbers', () => {
  place.beginSnapshot();
  place.arrive('ef01-2');
  expect(place.cursor).toBe('ef01-2');
  expect(place.take('ef01-3')).toBe(true);
});

test('it reaches what it has taken, and nothing of another start', () => {
  expect(place.reaches('abcd-10')).toBe(true);
  expect(place.reaches('abcd-11')).toBe(false);
  expect(place.reaches('ef01-1')).toBe(false);
  expect(place.reaches('abcd-9~')).toBe(false);
  expect(place.reaches('')).toBe(false);
});
