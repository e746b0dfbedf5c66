/** The file of a bundle is read and checked before anything of it is served. */
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBundleFile } from '../../../../cli/open/read-bundle-file.ts';
import { BundleError } from '../../../../shared/bundle/bundle-error.ts';
import { MAX_BUNDLE_BYTES } from '../../../../shared/bundle/bundle-record.ts';
import { bundleText } from '../../../support/bundle-text.ts';
import { hostOf } from '../../../support/observations.ts';
import { makeTempFolder, type TempFolder } from '../../../support/temp-folder.ts';

let folder: TempFolder;
beforeAll(async () => {
  folder = await makeTempFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const text = bundleText([{ kind: 'event', name: 'host', data: hostOf('web-1', { name: 'wéb-1' }) }]);
const whole = gzipSync(text);
/** Its checksum stands in the last eight bytes. */
const changed = Buffer.from(whole);
changed[changed.length - 8]! ^= 1;

async function fileOf(name: string, content: Buffer): Promise<string> {
  const file = path.join(folder.path, name);
  await writeFile(file, content);
  return file;
}

async function faultOf(file: string): Promise<string> {
  const error: unknown = await readBundleFile(file).catch((cause: unknown) => cause);
  return error instanceof BundleError ? error.code : String(error);
}

test('a whole one comes with the bytes that were checked', async () => {
  const { file, bundle } = await readBundleFile(await fileOf('whole', whole));
  expect(file.equals(whole)).toBe(true);
  expect(bundle.events[0]).toMatchObject({ data: { name: 'wéb-1' } });
});

test.each([
  ['text', Buffer.from(text), 'bundle-not-one'],
  ['empty', Buffer.alloc(0), 'bundle-not-one'],
  ['gzip of something else', gzipSync('hello\n'), 'bundle-not-one'],
  ['cut short', whole.subarray(0, whole.length - 9), 'bundle-damaged'],
  ['a bit was changed', changed, 'bundle-damaged'],
  [
    'bytes that are no UTF-8',
    gzipSync(Buffer.concat([Buffer.from(text), Buffer.from([0xff])])),
    'bundle-damaged',
  ],
  ['a bomb of one line', gzipSync(Buffer.alloc(64 * 1024 * 1024, ' ')), 'bundle-not-one'],
])('refused: %s', async (name, content, code) => {
  expect(await faultOf(await fileOf(name.replaceAll(' ', '-'), content))).toBe(code);
});

test('refused: what is not there, is a folder, or is larger than a bundle may be', async () => {
  expect(await faultOf(path.join(folder.path, 'missing'))).toBe('bundle-unreadable');
  await mkdir(path.join(folder.path, 'folder'));
  expect(await faultOf(path.join(folder.path, 'folder'))).toBe('bundle-unreadable');
  const large = await fileOf('large', whole);
  await truncate(large, MAX_BUNDLE_BYTES + 1);
  expect(await faultOf(large)).toBe('bundle-too-large');
});
