/** A phrase is looked for in the blocks that may have it: where its words are neighbours, whatever else they are in. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { volumesIn } from '../../../../hub/archive/archive-folder.ts';
import { compileFilter } from '../../../../hub/archive/search/compile-filter.ts';
import { VolumeReader } from '../../../../hub/archive/volume/volume-reader.ts';
import { parseFilter } from '../../../../shared/filter/parse.ts';
import { keeperOf, searchIn, writeTape } from '../../../support/archive-of.ts';
import { logLineOf } from '../../../support/observations.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';

/** A block each. */
const blocks = [
  ['a payment retry', 'an order rejected', 'payment, rejected'],
  ['Payment Rejected by the bank'],
  ['prepayment rejectedly said'],
  ['payment  rejected'],
];

test('of blocks that have both words, those are named where they are neighbours', async () => {
  await using folder = await makeTempFolder();
  for (const [at, texts] of blocks.entries()) {
    writeTape(
      folder.path,
      texts.map((text, line) => logLineOf('web-1', 10 * at + line, { text })),
      10 * at + 1,
    );
    using keeper = keeperOf(folder.path);
    keeper.move(null);
  }
  using reader = new VolumeReader(path.resolve(volumesIn(folder.path)[0]!.path));
  const named = (filter: string) =>
    reader.blocks(compileFilter(parseFilter(filter)), { from: -Infinity, to: Infinity }).map(({ id }) => id);
  expect(named('"payment rejected"')).toEqual([2, 3]);
  expect(named('payment rejected')).toEqual([1, 2, 3, 4]);
  expect(searchIn(folder.path, { filter: '"payment rejected"' }).lines.map(({ text }) => text)).toEqual([
    'Payment Rejected by the bank',
    'prepayment rejectedly said',
  ]);
});
