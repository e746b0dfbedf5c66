/** A kill in the midst of a flush: lines whose state did not come to the disk are observed again, and everything else is kept. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openSpool, type Spool } from '../../../../agent/spool/spool.ts';
import type { KeptState } from '../../../../agent/spool/spool-state.ts';
import { segmentFilesOf } from '../../../support/open-log.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';

const ALL = { records: 100_000, bytes: 100_000_000 };

/** Counts what was appended, as positions in files do. */
class Progress {
  done = 0;
  told: number | null = null;
  changed(): string | null {
    const change = this.done === this.told ? null : String(this.done);
    this.told = this.done;
    return change;
  }
  whole(): string | null {
    return null;
  }
  load({ changes }: KeptState): void {
    const told = changes.filter((change) => change !== 'null');
    if (told.length > 0) this.done = this.told = Number(told.at(-1));
  }
}

function append(spool: Spool, progress: Progress, count: number): void {
  for (let line = 0; line < count; line++)
    spool.append('log', { text: `line ${++progress.done}`.padEnd(200) });
}

async function textsOf(spool: Spool): Promise<string[]> {
  const batch = await spool.takeKept(ALL);
  return (batch?.lines ?? []).map((line) => {
    const { name, data } = JSON.parse(line.toString()) as { name: string; data: { text: string } };
    return name === 'log' ? data.text.trimEnd() : name;
  });
}

test.each([
  ['after the first of several writes', 256 * 1024],
  ['just before its state', -20],
])('a flush that was cut %s leaves no line that is read again', async (_, cutAt) => {
  await using folder = await makeTempFolder();
  const before = new Progress();
  {
    await using spool = await openSpool({ dir: folder.path, run: 'run1', host: 'web-1', state: before });
    append(spool, before, 3);
    await spool.flush();
    spool.append('sample', {});
    append(spool, before, 2_000);
  }
  const [file] = segmentFilesOf(folder.path);
  const bytes = readFileSync(file!);
  writeFileSync(file!, bytes.subarray(0, cutAt < 0 ? bytes.length + cutAt : cutAt));

  const after = new Progress();
  await using spool = await openSpool({ dir: folder.path, run: 'run2', host: 'web-1', state: after });
  expect(after.done).toBe(3);
  expect(await textsOf(spool)).toEqual(['line 1', 'line 2', 'line 3', 'sample']);
  expect(spool.counts.dropped).toBe(0);
});

test('lines that have no place to be read from again are kept', async () => {
  await using folder = await makeTempFolder();
  const silent = { changed: () => null, whole: () => null, load: () => undefined };
  {
    await using spool = await openSpool({ dir: folder.path, run: 'run1', host: 'web-1', state: silent });
    spool.append('log', { text: 'of standard input' });
  }
  await using spool = await openSpool({ dir: folder.path, run: 'run2', host: 'web-1', state: silent });
  expect(await textsOf(spool)).toEqual(['of standard input']);
});
