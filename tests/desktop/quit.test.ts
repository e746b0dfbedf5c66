/** Closing ends in time and says so where something did not close: a hanging disk keeps nobody from logging out. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { closeWithin } from '../../electron/quit.ts';

let said: string;
beforeEach(() => {
  said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => void vi.restoreAllMocks());

it('closes in reverse order', async () => {
  const opened = new AsyncDisposableStack();
  const closed: string[] = [];
  opened.defer(() => void closed.push('first'));
  opened.defer(() => void closed.push('second'));
  expect(await closeWithin(opened, 60_000)).toBe(0);
  expect(closed).toEqual(['second', 'first']);
  expect(said).toBe('');
});

it('closes the rest where one part fails', async () => {
  const opened = new AsyncDisposableStack();
  let isClosed = false;
  opened.defer(() => void (isClosed = true));
  opened.defer(() => Promise.reject(new Error('stuck')));
  expect(await closeWithin(opened, 60_000)).toBe(1);
  expect(isClosed).toBe(true);
  expect(said).toContain('stuck');
});

it('does not wait for a part that hangs', async () => {
  const opened = new AsyncDisposableStack();
  opened.defer(() => Promise.withResolvers<void>().promise);
  expect(await closeWithin(opened, 20)).toBe(1);
  expect(said).toContain('not everything closed');
});
