/** Standard input as a source. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { follow } from './support/follow.ts';

describe('standard input', () => {
  it('is followed under its name, its half lines joined, its last line told at its end', async () => {
    const input = new PassThrough();
    await using tail = await follow([], { stdin: { name: 'build', input } });
    input.write('WARN half a ');
    input.write('line\nlast');
    input.end();
    const source = await tail.untilState('stdin', 'waiting');
    await tail.untilLine('last');
    expect(tail.texts()).toEqual(['WARN half a line', 'last']);
    expect(tail.lines[0]).toMatchObject({ source: 'build', level: 'warn' });
    expect(source).toMatchObject({ kind: 'stdin', label: 'build' });
    expect(tail.states('stdin')).toEqual(['following', 'waiting']);
  });

  it('that is left open does not keep anybody: it is closed with the rest', async () => {
    const input = new PassThrough();
    {
      await using tail = await follow([], { stdin: { name: 'build', input } });
      input.write('one\n');
      await tail.untilLine('one');
    }
    expect(input.destroyed).toBe(true);
  });
});
