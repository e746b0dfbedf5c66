/** The log archive with millions of lines: what it takes on the disk, how fast it takes them in, and how soon it answers. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bytesIn } from '../../hub/archive/archive-folder.ts';
import { Keeper } from '../../hub/archive/volume/keeper.ts';
import { TAPE_BYTES } from '../../hub/archive/tape/tape.ts';
import { startHub, type RunningHub } from '../../hub/start-hub.ts';
import { sseBlock } from '../../hub/stream/frame.ts';
import { searchRecord } from '../../shared/schema/log-search.ts';
import { barRow, plainRow, type BenchRow } from '../bench-row.ts';
import { Corpus, RARE_TEXT } from './corpus.ts';

const LINES = 10_000_000;
const QUICK_LINES = 200_000;
/** Of the bars: seconds are of 10 million lines. */
const BARS = { storage: 0.6, firstMs: 200, histogramMs: 2_000, insertSeconds: 1 / 20_000 };
const REPEATS = 5;
/** Time between two lines of the corpus. */
const STEP_MS = 20;

/** Two words each, from rare to in every block. */
const queries: Record<string, string> = {
  'two words, 40 lines of them': RARE_TEXT,
  'a phrase, in 6,000 lines': '"payment rejected"',
  'two words anywhere in a line, in every block': 'payment rejected',
  'level and field': 'level>=error status=500',
  'a regular expression': '/took 4\\d{3}ms .* user 99\\d{3}$/',
};

export async function searchRows({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  await using opened = new AsyncDisposableStack();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'watchline-bench-'));
  opened.defer(() => rm(dataDir, { recursive: true, force: true }));
  const lines = quick ? QUICK_LINES : LINES;
  const folder = path.join(dataDir, 'archive');
  const { rawBytes, seconds } = await fill(folder, lines);
  const rows = [
    barRow('archive: storage with its index, of the raw text', bytesIn(folder) / rawBytes, 'x', BARS.storage),
    barRow('archive: moving lines in, CPU per line', (1e6 * seconds) / lines, 'us', 1e6 * BARS.insertSeconds),
  ];
  await using hub = await startHub({
    version: 'bench',
    host: '127.0.0.1',
    port: 0,
    dataDir,
    pageDir: null,
    allowedHosts: [],
    observers: [],
    logArchiveBytes: 16 * 1024 ** 3,
  });
  for (const [name, filter] of Object.entries(queries)) {
    const times = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) times.push(await ask(hub, filter));
    const first = median(times.map(({ firstMs }) => firstMs));
    const all = median(times.map(({ allMs }) => allMs));
    const isBarred = name.startsWith('two words');
    const row = (what: string, figure: number, bar: number) =>
      isBarred ? barRow(what, figure, 'ms', bar) : plainRow(what, figure, 'ms');
    rows.push(row(`search, ${name}: first lines`, first, BARS.firstMs));
    rows.push(row(`search, ${name}: histogram (${times[0]!.matched} lines)`, all, BARS.histogramMs));
  }
  return rows;
}

/** As a hub does it: tapes, and then volumes. Answers the time of the second alone. */
async function fill(folder: string, lines: number): Promise<{ rawBytes: number; seconds: number }> {
  const { mkdir } = await import('node:fs/promises');
  await mkdir(folder);
  const corpus = new Corpus();
  const bounds = { maxBytes: 16 * 1024 ** 3, maxAgeMs: 7 * 24 * 3_600_000 };
  using keeper = new Keeper({ folder, ...bounds, onDamaged: (file, cause) => raise(file, cause) });
  const begin = Date.now() - lines * STEP_MS;
  let [rawBytes, seconds, index] = [0, 0, 0];
  for (let tape = 0; index < lines; tape++) {
    const name = `${String(Date.now() * 1_000 + tape).padStart(16, '0')}.tape`;
    const file = createWriteStream(path.join(folder, name));
    for (let bytes = 0; bytes < TAPE_BYTES && index < lines; index++) {
      const line = corpus.line(index, begin + index * STEP_MS);
      const block = sseBlock('log', `bench00-${index + 1}`, line);
      rawBytes += Buffer.byteLength(line.text) + 1;
      bytes += block.length;
      file.write(block);
    }
    file.end();
    await once(file, 'finish');
    const before = process.cpuUsage();
    keeper.move(null);
    const { user, system } = process.cpuUsage(before);
    seconds += (user + system) / 1e6;
  }
  return { rawBytes, seconds };
}

function raise(file: string, cause: Error): never {
  throw new Error(`${file} is damaged`, { cause });
}

/** Until the first lines, and until the last record. */
async function ask(
  { port, ownerToken }: RunningHub,
  filter: string,
): Promise<{ firstMs: number; allMs: number; matched: number }> {
  const began = performance.now();
  const address = `/api/v1/logs/search?filter=${encodeURIComponent(filter)}&buckets=60`;
  const request = get({
    port,
    path: address,
    agent: false,
    headers: { Authorization: `Bearer ${ownerToken}` },
  });
  const [answer] = (await once(request, 'response')) as [NodeJS.ReadableStream & AsyncIterable<Buffer>];
  let text = '';
  let firstMs = NaN;
  for await (const part of answer) {
    text += part.toString();
    if (Number.isNaN(firstMs) && text.includes('"kind":"line"')) firstMs = performance.now() - began;
  }
  const last = searchRecord.parse(JSON.parse(text.trimEnd().split('\n').at(-1)!));
  if (last.kind !== 'end' || last.reason === 'time')
    throw new Error(`The search ended with ${text.slice(-300)}`);
  return { firstMs, allMs: performance.now() - began, matched: last.matched };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
