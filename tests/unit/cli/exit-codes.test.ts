/** Exit codes are a promise: one number each, all written down. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodeOf, exitCodes } from '../../../cli/exit-codes.ts';

test('no two share a number, and docs/operations.md has them all', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8');
  const codes = Object.values(exitCodes);
  expect(new Set(codes.map(({ number }) => number)).size).toBe(codes.length);
  for (const { number, meaning } of codes) {
    expect(page).toMatch(new RegExp(`^\\| ${number} +\\| ${meaning} +\\|$`, 'm'));
  }
});

test('an error without one is unexpected', () => {
  expect(exitCodeOf('port-in-use')).toBe(4);
  expect(exitCodeOf('toString')).toBe(1);
});
