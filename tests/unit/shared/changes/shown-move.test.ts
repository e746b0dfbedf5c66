/** The two numbers that tell a change. */
import { describe, expect, test } from 'vitest';
import type { ScoredChange } from '../../../../shared/changes/change-score.ts';
import { shownMove } from '../../../../shared/changes/shown-move.ts';

function change(series: string, part: Partial<ScoredChange> = {}): ScoredChange {
  return { series, score: 10, direction: 'up', now: spread(50), before: spread(5), ...part };
}

function spread(median: number, min = median, max = median) {
  return { median, min, max, count: 60 };
}

describe('the two numbers of a change', () => {
  test('the middle where it moved', () => {
    expect(shownMove(change('cpu.user', { now: spread(60, 4, 99), before: spread(4) }))).toEqual({
      from: 4,
      to: 60,
      isPeak: false,
      isBeyond: true,
    });
  });

  test('the peak where the spike fills little of the window, down to the least where it fell', () => {
    expect(shownMove(change('cpu.user', { now: spread(5, 4, 99), before: spread(4) }))).toMatchObject({
      to: 99,
      isPeak: true,
    });
    const fell = change('cpu.user', { direction: 'down', now: spread(88, 2, 90), before: spread(90) });
    expect(shownMove(fell)).toMatchObject({ to: 2, isPeak: true });
  });

  test('the peak that was reached for a moment before, where the middle stands still', () => {
    const stayed = change('cpu.user', { now: spread(4, 4, 97), before: spread(4, 4, 99) });
    expect(shownMove(stayed)).toEqual({ from: 4, to: 97, isPeak: true, isBeyond: false });
    const moved = change('cpu.user', { now: spread(30, 4, 97), before: spread(4, 4, 99) });
    expect(shownMove(moved)).toMatchObject({ to: 30, isPeak: false });
  });

  test('what appeared or vanished has one', () => {
    expect(shownMove(change('x', { direction: 'appeared', before: null })).from).toBeNull();
    expect(shownMove(change('x', { direction: 'vanished', now: null }))).toEqual({
      from: 5,
      to: null,
      isPeak: false,
      isBeyond: false,
    });
  });
});
