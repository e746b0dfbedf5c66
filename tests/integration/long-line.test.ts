/** A line without end costs the memory of what is kept of it. In a process of its own, which it measures. */
import { Buffer } from 'node:buffer';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { expect, it } from 'vitest';
import { follow } from '../unit/collect/logs/support/follow.ts';
import { makeTempFolder } from '../unit/collect/logs/support/temp-folder.ts';

it('cuts a line of 20 MB and goes on, memory flat', async () => {
  using folder = makeTempFolder();
  const file = folder.file('a.log');
  writeFileSync(file, '');
  await using tail = await follow([file]);
  const megabyte = Buffer.alloc(1024 * 1024, 'x');
  const before = process.memoryUsage();
  const descriptor = openSync(file, 'a');
  for (let i = 0; i < 20; i++) writeSync(descriptor, megabyte);
  writeSync(descriptor, '\nafter\n');
  closeSync(descriptor);
  await tail.untilLine('after');
  const after = process.memoryUsage();
  expect(tail.lines.map(({ text, truncated }) => [text.length, truncated])).toEqual([
    [65_536, true],
    [5, undefined],
  ]);
  // Counts the heap and buffers, not what the allocator keeps; the line itself would show as 20 MB.
  const grown = after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed;
  expect(grown).toBeLessThan(12 * 1024 * 1024);
});
