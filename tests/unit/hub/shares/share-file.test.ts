/** `shares.json`: readable by its user alone, and of a damaged one whatever can be read. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { newShare } from '../../../../hub/shares/new-share.ts';
import { readShareFile, writeShareFile } from '../../../../hub/shares/share-file.ts';
import { shareRequest } from '../../../../shared/schema/shares.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';

const shares = ['one', 'two'].map((label) => newShare(shareRequest.parse({ label })));

test('what is written is read again, holds no secret, and is for its user alone', async () => {
  await using folder = await makeTempFolder();
  const file = path.join(folder.path, 'shares.json');
  const kept = shares.map((each) => each.kept);
  writeShareFile(file, kept);
  expect(readShareFile(file, fail)).toEqual(kept);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  for (const { secret } of shares) expect(readFileSync(file, 'utf8')).not.toContain(secret);
});

test('a missing file holds none; a damaged entry costs itself alone, and the file is set aside', async () => {
  await using folder = await makeTempFolder();
  const file = path.join(folder.path, 'shares.json');
  expect(readShareFile(file, fail)).toEqual([]);
  const [whole, damaged] = shares.map((each) => each.kept);
  const text = JSON.stringify({ shares: [whole, { ...damaged, secretHash: 'short' }] });
  writeFileSync(file, text);
  const troubles: Error[] = [];
  expect(readShareFile(file, (trouble) => troubles.push(trouble))).toEqual([whole]);
  expect(troubles[0]!.message).toContain('1 of them could be read');
  expect(readFileSync(`${file}.damaged`, 'utf8')).toBe(text);
  writeFileSync(file, text.slice(0, 40));
  expect(readShareFile(file, (trouble) => troubles.push(trouble))).toEqual([]);
  expect([troubles.length, existsSync(`${file}.damaged`)]).toEqual([2, true]);
});

function fail(trouble: Error): never {
  throw trouble;
}
