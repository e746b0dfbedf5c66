/** Files that are gone: what is known of them is kept for a while, so that none of their lines comes twice, and not for ever. */
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { KeptFile } from '../../../../collect/logs/file/kept-positions.ts';
import { mergePositions, parsePositions, type LogPositions } from '../../../../collect/logs/log-positions.ts';
import { until } from '../../../support/until.ts';
import { follow, type Following } from './support/follow.ts';
import { kept } from './support/kept-positions.ts';
import { makeTempFolder } from './support/temp-folder.ts';

const DAY_MS = 86_400_000;
const at = Date.UTC(2026, 0, 2);

function positionsOf(files: KeptFile[]): LogPositions {
  return { at, files, journal: null };
}

function fileOf(path: string, goneAt?: number): KeptFile {
  return { path, open: [], seen: [], seenBeforeNs: '0', ...(goneAt !== undefined && { goneAt }) };
}

function pathsOf({ files }: LogPositions): string[] {
  return files.map(({ path }) => path);
}

async function untilGone(tail: Following): Promise<KeptFile> {
  const told: KeptFile[] = [];
  await until('the file to be told as gone', () => {
    told.push(...(tail.changedPositions()?.files ?? []));
    return told.at(-1)?.goneAt !== undefined;
  });
  return told.at(-1)!;
}

it('forgets a file that is gone for a day, and none that is followed, however quiet', () => {
  const older = positionsOf([
    fileOf('quiet.log'),
    fileOf('old.log', at - DAY_MS),
    fileOf('gone.log', at - 1),
  ]);
  expect(pathsOf(mergePositions(older, positionsOf([])))).toEqual(['quiet.log', 'gone.log']);
});

it('keeps a bounded number of those that are gone, the newest', () => {
  const names = Array.from({ length: 300 }, (_, i) => `pod-${i}.log`);
  let merged = positionsOf([fileOf('app.log')]);
  for (const [i, name] of names.entries())
    merged = mergePositions(merged, positionsOf([fileOf(name, at - 300 + i)]));
  expect(pathsOf(merged)).toEqual(['app.log', ...names.slice(-256)]);
});

it('knows one that came back as any other', () => {
  const merged = mergePositions(positionsOf([fileOf('app.log', at)]), positionsOf([fileOf('app.log')]));
  expect(merged.files).toEqual([fileOf('app.log')]);
});

it('tells of a file that went, and reads none of its lines again when its name comes back', async () => {
  using folder = makeTempFolder();
  const file = (name: string) => folder.file(name);
  mkdirSync(file('logs'));
  writeFileSync(file('logs/app.log'), '1\n');
  let positions: LogPositions;
  {
    await using tail = await follow([file('logs/*.log')]);
    positions = kept(tail);
  }
  await using tail = await follow([file('logs/*.log')], { positions, lingerMs: -1, rescanMs: 100 });
  appendFileSync(file('logs/app.log'), '2\n');
  await tail.untilLine('2');
  renameSync(file('logs'), file('away'));
  expect(await untilGone(tail)).toMatchObject({ path: file('logs/app.log'), open: [] });
  expect(tail.changedPositions()).toBeNull();

  renameSync(file('away/app.log'), file('away/app.log.1'));
  renameSync(file('away'), file('logs'));
  writeFileSync(file('logs/app.log'), '3\n');
  await tail.untilLine('3');
  expect(tail.texts()).toEqual(['2', '3']);
  expect(tail.changedPositions()!.files).toEqual(tail.positions().files);
});

it('tells of a file that went while nobody followed it, once', async () => {
  using folder = makeTempFolder();
  const positions = parsePositions(JSON.stringify(positionsOf([fileOf(folder.file('pod-1.log'))])))!;
  await using tail = await follow([folder.file('*.log')], { positions });
  const told = tail.changedPositions()!;
  expect(told.files).toEqual([fileOf(folder.file('pod-1.log'), expect.any(Number) as number)]);
  const merged = parsePositions(JSON.stringify(mergePositions(positions, told)))!;
  await using next = await follow([folder.file('*.log')], { positions: merged });
  expect(next.changedPositions()).toBeNull();
});
