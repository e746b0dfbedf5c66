/** Ways out of the folders: of the page's, by what a URL can spell; of the allowed logs, by links that are swapped while they are read. */
import { renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { exchangeRaw } from '../support/raw-request.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { follow } from '../unit/collect/logs/support/follow.ts';

const SECRET = 'the-secret-of-another-folder';

/** Every way to spell "up" that a server, a proxy or a filesystem has ever been taken in by. */
const ups = [
  '..',
  '%2e%2e',
  '%2E%2E',
  '.%2e',
  '%252e%252e',
  '..%00',
  '..;',
  '%c0%ae%c0%ae',
  '%u002e%u002e',
  '．．',
  '..\\',
];
const separators = ['/', '%2f', '%5c', '\\', '//', '%252f'];

test('no spelling of a path leaves the page folder, the data folder included', async () => {
  await using outer = await makeTempFolder();
  const pageDir = path.join(outer.path, 'page');
  const dataDir = path.join(outer.path, 'data');
  await mkdir(path.join(pageDir, 'assets'), { recursive: true });
  await writeFile(path.join(pageDir, 'index.html'), '<!doctype html><title>Watchline</title>');
  await writeFile(path.join(outer.path, 'secret.txt'), SECRET);
  await using hub = await startTestHub({ pageDir, dataDir });
  const token = hub.ownerToken;
  const targets = ups.flatMap((up) =>
    separators.flatMap((separator) =>
      ['', '/assets', '/s/abcdefghijkl', '/api/v1', '/host'].flatMap((from) => [
        `${from}/${up}${separator}secret.txt`,
        `${from}/${up}${separator}${up}${separator}secret.txt`,
        `${from}/${up}${separator}data${separator}hub.json`,
      ]),
    ),
  );
  targets.push(
    `/${path.join(outer.path, 'secret.txt')}`,
    `//${outer.path}/secret.txt`,
    '/assets/%00',
    '/index.html%00.js',
    '/?../../secret.txt',
  );
  const answers = await Promise.all(
    targets.map((target) =>
      exchangeRaw(hub.port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
    ),
  );
  expect(targets.filter((_, at) => answers[at]!.includes(SECRET) || answers[at]!.includes(token))).toEqual(
    [],
  );
  expect(answers.filter((answer) => !/^HTTP\/1\.1 (200|40\d) /.test(answer))).toEqual([]);
  expect(hub.troubles).toEqual([]);
});

test.skipIf(process.platform === 'win32')(
  'a link that is swapped as fast as can be leads out of the allowed logs at no moment',
  async () => {
    await using outer = await makeTempFolder();
    const logs = path.join(outer.path, 'logs');
    await mkdir(logs);
    const fine = path.join(logs, 'fine.txt');
    const secret = path.join(outer.path, 'secret.txt');
    writeFileSync(fine, 'fine 0\n');
    writeFileSync(secret, `${SECRET}\n`);
    const link = path.join(logs, 'app.log');
    symlinkSync(fine, link);
    await using tail = await follow([path.join(logs, '*.log'), path.join(logs, '*.txt')]);
    await tail.untilLine('fine 0');
    const swapTo = (target: string) => {
      symlinkSync(target, path.join(logs, 'next'));
      renameSync(path.join(logs, 'next'), link);
    };
    for (let swap = 1; swap <= 400; swap++) {
      swapTo(swap % 2 === 1 ? secret : fine);
      writeFileSync(secret, `${SECRET} ${swap}\n`, { flag: 'a' });
      writeFileSync(fine, `fine ${swap}\n`, { flag: 'a' });
      await setImmediate();
    }
    await tail.untilLine('fine 400');
    swapTo(secret);
    await until('the last swap to be seen', () => tail.sources.some(({ state }) => state === 'failed'));
    expect(tail.texts().filter((text) => text.includes(SECRET))).toEqual([]);
  },
);
