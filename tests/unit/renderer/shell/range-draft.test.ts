/** A range of one's own, and stepping through time by buttons. */
import { describe, expect, test } from 'vitest';
import { draftOf, scaled, shifted, spanOfDraft } from '../../../../renderer/shell/range-draft.ts';

const minute = 60_000;
/** Whole seconds: finer the fields are not. */
const now = 1_764_000_000_000;
const hourBefore = { from: now - 60 * minute, to: now };

describe('the fields of a range', () => {
  test('hold a span to the second, in local time', () => {
    expect(draftOf(hourBefore).to).toMatch(/^2025-11-2\dT\d\d:\d\d:00$/);
    expect(spanOfDraft(draftOf(hourBefore), now)).toEqual({ span: hourBefore });
  });

  test('mean what is shown as long as they say the same, also in the hour that comes twice', () => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Europe/Berlin';
    try {
      const second = { from: Date.UTC(2025, 9, 26, 1, 10), to: Date.UTC(2025, 9, 26, 1, 50) };
      expect(draftOf(second).from).toBe('2025-10-26T02:10:00');
      expect(spanOfDraft(draftOf(second), now, second)).toEqual({ span: second });
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  test('what reaches past now ends now', () => {
    const draft = draftOf({ from: hourBefore.from, to: now + 90 * minute });
    expect(spanOfDraft(draft, now)).toEqual({ span: hourBefore });
  });

  test.each([
    [{ from: '', to: draftOf(hourBefore).to }, /both ends/],
    [draftOf({ from: now + minute, to: now + 2 * minute }), /not happened yet/],
    [draftOf({ from: now - minute, to: now - 2 * minute }), /after the beginning/],
    [draftOf({ from: now - 3_000, to: now }), /5 seconds/],
    [draftOf({ from: now - 3 * 366 * 1_440 * minute, to: now }), /two years/],
  ])('say in one sentence what is wrong: %j', (draft, sentence) => {
    expect((spanOfDraft(draft, now) as { fault: string }).fault).toMatch(sentence);
  });
});

describe('a step', () => {
  test('goes a whole window back, and forth no further than now', () => {
    const earlier = shifted(hourBefore, -1, now);
    expect(earlier).toEqual({ from: now - 120 * minute, to: now - 60 * minute });
    expect(shifted(earlier, 1, now)).toEqual(hourBefore);
    expect(shifted(hourBefore, 1, now)).toEqual(hourBefore);
  });

  test('zooms around the middle, and never past now', () => {
    expect(scaled(hourBefore, 0.5, now)).toEqual({ from: now - 45 * minute, to: now - 15 * minute });
    expect(scaled(hourBefore, 2, now)).toEqual({ from: now - 120 * minute, to: now });
    expect(scaled({ from: now - 6_000, to: now }, 0.5, now).from).toBe(now - 5_500);
  });
});
