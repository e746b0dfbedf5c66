/** The table of mechanisms is true: each stands in its file, its test exists, and one that is switched off is caught. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Mechanism } from '../../scripts/mechanisms/mechanism.ts';
import { archiveMechanisms } from '../../scripts/mechanisms/archive-mechanisms.ts';
import { attackMechanisms } from '../../scripts/mechanisms/attack-mechanisms.ts';
import { doorMechanisms } from '../../scripts/mechanisms/door-mechanisms.ts';
import { historyMechanisms } from '../../scripts/mechanisms/history-mechanisms.ts';
import { intakeMechanisms } from '../../scripts/mechanisms/intake-mechanisms.ts';
import { interopMechanisms } from '../../scripts/mechanisms/interop-mechanisms.ts';
import { pageMechanisms } from '../../scripts/mechanisms/page-mechanisms.ts';
import { reachMechanisms } from '../../scripts/mechanisms/reach-mechanisms.ts';
import { shareMechanisms } from '../../scripts/mechanisms/share-mechanisms.ts';
import { sightMechanisms } from '../../scripts/mechanisms/sight-mechanisms.ts';
import { spoolMechanisms } from '../../scripts/mechanisms/spool-mechanisms.ts';
import { readerMechanisms } from '../../scripts/mechanisms/reader-mechanisms.ts';
import { storeMechanisms } from '../../scripts/mechanisms/store-mechanisms.ts';
import { streamMechanisms } from '../../scripts/mechanisms/stream-mechanisms.ts';
import { copyProject } from '../../scripts/mechanisms/switch-off.ts';
import { tailerMechanisms } from '../../scripts/mechanisms/tailer-mechanisms.ts';
import { uplinkMechanisms } from '../../scripts/mechanisms/uplink-mechanisms.ts';

const ofTheStream = [...streamMechanisms, ...readerMechanisms, ...pageMechanisms];
const mechanisms = [
  ...ofTheStream,
  ...doorMechanisms,
  ...sightMechanisms,
  ...shareMechanisms,
  ...reachMechanisms,
  ...attackMechanisms,
  ...archiveMechanisms,
  ...uplinkMechanisms,
  ...intakeMechanisms,
  ...spoolMechanisms,
  ...tailerMechanisms,
  ...historyMechanisms,
  ...storeMechanisms,
  ...interopMechanisms,
];
const root = path.join(import.meta.dirname, '../..');

test('every promise of the stream, 1 to 13, has a mechanism that can be switched off', () => {
  expect(new Set(ofTheStream.map(({ promise }) => promise))).toEqual(
    new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]),
  );
});

test.for(mechanisms.map((mechanism) => [mechanism.what, mechanism] as const))(
  'where it stands and what tests it: %s',
  ([, { file, text, kind, test: testFile }]) => {
    expect(readFileSync(path.join(root, file), 'utf8').split(text)).toHaveLength(2);
    readFileSync(path.join(root, 'tests', kind, `${testFile}.test.ts`));
  },
);

test('a mechanism that is switched off is caught, one that changes nothing is not', async () => {
  await using project = await copyProject();
  const mechanism = mechanisms.find(({ what }) => what === "nginx's buffer is turned off")!;
  const idle: Mechanism = { ...mechanism, off: `${mechanism.text}  // Nothing is changed.\n` };
  const gone: Mechanism = { ...mechanism, text: 'no such text stands there' };
  expect((await project.judge(mechanism)).verdict).toBe('caught');
  expect((await project.judge(idle)).verdict).toBe('NOT CAUGHT');
  expect((await project.judge(gone)).verdict).toBe('NOT CAUGHT');
}, 60_000);
