/** Who reads for long keeps no room: neither a search that goes on and on, nor another program that holds what it reads. */
import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { bytesIn, volumesIn } from '../../../../hub/archive/archive-folder.ts';
import { ArchiveReader } from '../../../../hub/archive/search/archive-reader.ts';
import { Breath } from '../../../../hub/archive/search/breath.ts';
import { everywhere, Search } from '../../../../hub/archive/search/search.ts';
import { keeperOf, searchTaskOf, testEpoch, writeTape } from '../../../support/archive-of.ts';
import { logLineOf } from '../../../support/observations.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';

const KIBIBYTE = 1024;
/** Few threes and much that cannot be made smaller. */
const largeLines = Array.from({ length: 16 }, (_, index) =>
  logLineOf('web-1', index, { text: randomBytes(4 * KIBIBYTE).toString('hex') }),
);

function writeMore(folder: string, tape: number): void {
  writeTape(folder, largeLines, tape * largeLines.length + 1);
}

/** True: no reader stood in the way of taking the write-ahead log back to nothing. */
function canTakeBack(file: string): boolean {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA busy_timeout = 0');
    return database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()!['busy'] === 0;
  } finally {
    database.close();
  }
}

test('the write-ahead log can be taken back at any line of a search', async () => {
  await using folder = await makeTempFolder();
  using keeper = keeperOf(folder.path);
  let tapes = 0;
  const moveOne = () => {
    writeMore(folder.path, tapes++);
    keeper.move(null);
  };
  moveOne();
  using archive = new ArchiveReader(folder.path, testEpoch, (file) => {
    throw new Error(`${file} is damaged`);
  });
  const breath = new Breath({ stop: new Int32Array(1), maxMs: Infinity, onSign: () => undefined });
  const file = volumesIn(folder.path)[0]!.path;
  const takenBack: boolean[] = [];
  const tell = ({ kind }: { kind: string }) => {
    if (kind !== 'line') return;
    if (takenBack.length % 4 === 0) moveOne();
    takenBack.push(canTakeBack(file));
  };
  new Search(searchTaskOf({}), everywhere, { archive, breath, trouble: null, tell }).run();
  expect(takenBack).toEqual(largeLines.map(() => true));
});

test('programs that never end their reading cost two volumes, and no more', async () => {
  await using folder = await makeTempFolder();
  const [volumeBytes, maxBytes] = [100 * KIBIBYTE, 400 * KIBIBYTE];
  using keeper = keeperOf(folder.path, { volumeBytes, maxBytes });
  let [largest, written] = [0, 0];
  const readers: DatabaseSync[] = [];
  for (let tape = 0; tape < 14; tape++) {
    writeMore(folder.path, tape);
    keeper.move(null);
    written += largeLines.length * 4 * KIBIBYTE;
    largest = Math.max(largest, bytesIn(folder.path));
    if (tape % 5 > 0) continue;
    const reader = new DatabaseSync(volumesIn(folder.path).at(-1)!.path, { readOnly: true });
    readers.push(reader);
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM blocks').get();
  }
  for (const reader of readers) reader.close();
  expect(written).toBeGreaterThan(1.5 * maxBytes);
  expect(largest).toBeLessThan(maxBytes + 2 * volumeBytes);
});
