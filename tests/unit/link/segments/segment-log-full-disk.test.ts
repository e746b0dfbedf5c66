/** A disk that is full: a real, small one. */
import { expect, test } from 'vitest';
import path from 'node:path';
import { openLog, textsOf } from '../../../support/open-log.ts';
import { canMount, mountSmallDisk } from '../../../support/small-disk.ts';

const onSmallDisk = test.skipIf(!(await canMount()));
const KIB = 1024;
const filling = ' '.repeat(980);

onSmallDisk(
  'drop-oldest: the oldest segments go for the new records, counted; it says so, once',
  async () => {
    await using disk = (await mountSmallDisk(512 * KIB))!;
    const reports: (string | null)[] = [];
    await using log = await openLog(path.join(disk.path, 'spool'), {
      segmentBytes: 32 * KIB,
      report: (trouble) => reports.push(trouble?.code ?? null),
    });
    for (let number = 1; number <= 2_000; number++) {
      log.append(Buffer.from(`record ${number}${filling}`));
      if (number % 10 === 0) await log.flush();
    }
    const kept = await textsOf(log);
    expect(kept.at(-1)).toBe(`record 2000${filling}`);
    expect(kept.length).toBeGreaterThan(350);
    expect(kept.length + log.counts.dropped).toBe(2_000);
    expect(log.counts.damaged).toBe(0);
    expect(reports).toEqual(['disk-full']);
  },
);

onSmallDisk(
  'drop-oldest: full of what is not ours, it goes on from memory, bounded, and writes when it can',
  async () => {
    await using disk = (await mountSmallDisk(512 * KIB))!;
    const reports: (string | null)[] = [];
    const forgotten: number[] = [];
    await using log = await openLog(path.join(disk.path, 'spool'), {
      maxPendingBytes: 300 * KIB,
      report: (trouble) => reports.push(trouble?.code ?? null),
      forgotten: (records) => forgotten.push(...records.map(({ number }) => number)),
    });
    const free = disk.fill();
    for (let number = 1; number <= 600; number++) {
      log.append(Buffer.from(`record ${number}${filling}`));
      if (number % 100 === 0) await expect(log.flush()).rejects.toMatchObject({ code: 'disk-full' });
    }
    expect(log.unwritten().length).toBeGreaterThan(30);
    expect(forgotten).toEqual(Array.from({ length: log.counts.dropped }, (_, at) => at + 1));
    await free();
    await log.flush();
    const kept = await textsOf(log);
    expect(kept.length + log.counts.dropped).toBe(600);
    expect(kept.at(-1)).toBe(`record 600${filling}`);
    expect(reports).toEqual(['disk-full', null]);
  },
);

onSmallDisk(
  'refuse: what could not be written is forgotten and flush says so; what was kept stays',
  async () => {
    await using disk = (await mountSmallDisk(512 * KIB))!;
    await using log = await openLog(path.join(disk.path, 'journal'), {
      whenFull: 'refuse',
      segmentBytes: 32 * KIB,
    });
    log.append(Buffer.from('kept before'));
    await log.flush();
    const free = disk.fill(8 * KIB);
    const refused = Array.from({ length: 5 }, (_, round) => {
      for (let number = 0; number < 50; number++) log.append(Buffer.from(`refused ${round}${filling}`));
      return log.flush();
    });
    const answers = await Promise.allSettled(refused);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(await textsOf(log)).toEqual(['kept before']);
    await free();
    log.append(Buffer.from('kept after'));
    await log.flush();
    expect(await textsOf(log)).toEqual(['kept before', 'kept after']);
  },
);
