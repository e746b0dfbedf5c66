/** An archive made by hand: lines in tapes and volumes of a folder, and searches through it without a hub. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { nextName } from '../../hub/archive/archive-folder.ts';
import { ArchiveReader } from '../../hub/archive/search/archive-reader.ts';
import { Breath } from '../../hub/archive/search/breath.ts';
import { Keeper, type KeeperOptions } from '../../hub/archive/volume/keeper.ts';
import { everywhere, Search } from '../../hub/archive/search/search.ts';
import type { SearchTask } from '../../hub/archive/search-task.ts';
import { sseBlock } from '../../hub/stream/frame.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import type { SearchRecord, SearchRecordOf } from '../../shared/schema/log-search.ts';

export const testEpoch = 'abcdef0123';
const day = 24 * 3_600_000;

/** Writes a tape; the first line has the sequence number `first`. Answers its name. */
export function writeTape(folder: string, lines: readonly LogLine[], first = 1): string {
  const name = nextName(folder, 'tape');
  const events = lines.map((line, at) => sseBlock('log', `${testEpoch}-${first + at}`, line));
  writeFileSync(path.join(folder, name), events.join(''));
  return name;
}

export function keeperOf(folder: string, options: Partial<KeeperOptions> = {}): Keeper {
  const onDamaged = (file: string, cause: Error) => {
    throw new Error(`${file} is damaged`, { cause });
  };
  return new Keeper({ folder, maxBytes: 1024 ** 3, maxAgeMs: 7 * day, onDamaged, ...options });
}

export interface Found {
  lines: LogLine[];
  end: SearchRecordOf<'end'>;
  /** Files that turned out to be damaged. */
  damaged: string[];
}

/** Everything, oldest first, where `wishes` do not say otherwise. */
export function searchTaskOf(wishes: Partial<SearchTask>): SearchTask {
  return {
    kind: 'search',
    filter: '',
    hosts: null,
    from: null,
    to: null,
    after: null,
    before: null,
    order: 'oldest',
    limit: 5_000,
    buckets: 0,
    maxMs: Infinity,
    sight: null,
    names: {},
    ...wishes,
  };
}

export function searchIn(folder: string, wishes: Partial<SearchTask> = {}): Found {
  const damaged: string[] = [];
  using archive = new ArchiveReader(folder, testEpoch, (file) => damaged.push(file));
  const breath = new Breath({ stop: new Int32Array(1), maxMs: Infinity, onSign: () => undefined });
  const records: SearchRecord[] = [];
  const task = searchTaskOf(wishes);
  const tell = (record: SearchRecord) => records.push(record);
  new Search(task, everywhere, { archive, breath, trouble: null, tell }).run();
  return {
    lines: records.filter((record) => record.kind === 'line').map(({ line }) => line),
    end: records.at(-1) as SearchRecordOf<'end'>,
    damaged,
  };
}
