/** The table of mechanisms is true: each stands in its file, its test exists, and one that is switched off is caught. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { allMechanisms, mechanismsOfTheStream } from '../../scripts/mechanisms/all-mechanisms.ts';
import type { Mechanism } from '../../scripts/mechanisms/mechanism.ts';
import { copyProject } from '../../scripts/mechanisms/switch-off.ts';

const root = path.join(import.meta.dirname, '../..');

test('every promise of the stream, 1 to 13, has a mechanism that can be switched off', () => {
  expect(new Set(mechanismsOfTheStream.map(({ promise }) => promise))).toEqual(
    new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]),
  );
});

test.for(allMechanisms.map((mechanism) => [mechanism.what, mechanism] as const))(
  'where it stands and what tests it: %s',
  ([, { file, text, kind, test: testFile }]) => {
    expect(readFileSync(path.join(root, file), 'utf8').split(text)).toHaveLength(2);
    readFileSync(path.join(root, 'tests', kind, `${testFile}.test.ts`));
  },
);

test('a mechanism that is switched off is caught, one that changes nothing is not', async () => {
  await using project = await copyProject();
  const mechanism = allMechanisms.find(({ what }) => what === "nginx's buffer is turned off")!;
  const idle: Mechanism = { ...mechanism, off: `${mechanism.text}  // Nothing is changed.\n` };
  const gone: Mechanism = { ...mechanism, text: 'no such text stands there' };
  expect((await project.judge(mechanism)).verdict).toBe('caught');
  expect((await project.judge(idle)).verdict).toBe('NOT CAUGHT');
  expect((await project.judge(gone)).verdict).toBe('NOT CAUGHT');
}, 60_000);
