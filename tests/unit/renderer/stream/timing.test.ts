/** Times that many pages share are spread. */
import { expect, test } from 'vitest';
import { jittered } from '../../../../renderer/stream/timing.ts';

test('a time with jitter is a fifth more or less', () => {
  expect(jittered(1_000, () => 0)).toBe(800);
  expect(jittered(1_000, () => 0.5)).toBe(1_000);
  expect(jittered(1_000, () => 1)).toBe(1_200);
});
