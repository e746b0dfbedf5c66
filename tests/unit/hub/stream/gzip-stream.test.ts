/** What readers of one view get as gzip is, decompressed by zlib, exactly the text, whatever each of them had before. */
import { crc32, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { combineCrc32 } from '../../../../hub/stream/crc32-combine.ts';
import { deflateOnce, GzipStream } from '../../../../hub/stream/gzip-stream.ts';
import { StreamCounts } from '../../../../hub/stream/stream-counts.ts';
import { ViewHistory } from '../../../../hub/stream/view-history.ts';

/** Mulberry32: the same sequence for the same seed, 0 to 1. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Reader {
  readonly gzip: GzipStream;
  readonly text: Buffer[] = [];
  readonly wire: Buffer[] = [];

  constructor(counts: StreamCounts) {
    this.gzip = new GzipStream(counts);
    this.wire.push(this.gzip.header);
  }

  own(bytes: Buffer): void {
    this.text.push(bytes);
    this.wire.push(this.gzip.own(bytes));
  }
}

function sampleText(random: () => number, maxRows: number): Buffer {
  const rows = Array.from({ length: 1 + Math.floor(random() * maxRows) }, (_, index) => ({
    device: `nvme${index}n1`,
    readBytesPerSecond: Math.floor(random() * 1e6),
    utilisationPercent: random() * 100,
  }));
  return Buffer.from(`event: sample\ndata: ${JSON.stringify({ rows })}\n\n`);
}

test.for([1, 2, 3, 4, 5, 6, 7, 8])('random joins, gaps, pings and byes, seed %i', (seed) => {
  const random = randomOf(seed);
  const counts = new StreamCounts();
  const history = new ViewHistory(counts);
  const readers: Reader[] = [];
  const ended: Reader[] = [];
  for (let step = 0; step < 300; step++) {
    if (readers.length < 6 && random() < 0.2) {
      const reader = new Reader(counts);
      const snapshot = sampleText(random, 200);
      reader.own(Buffer.from('retry: 2000\n'));
      reader.text.push(snapshot);
      reader.wire.push(reader.gzip.once(deflateOnce(snapshot, counts)));
      readers.push(reader);
    }
    const bytes = random() < 0.05 ? sampleText(random, 1_000) : sampleText(random, 20);
    const block = history.add(bytes);
    for (const reader of [...readers]) {
      const fate = random();
      // Behind: it misses the block, or got something of its own in its place.
      if (fate < 0.03) reader.gzip.settle();
      else if (fate < 0.06) reader.own(sampleText(random, 50));
      else {
        reader.text.push(bytes);
        reader.wire.push(reader.gzip.shared(block));
      }
      if (random() > 0.02) continue;
      const bye = Buffer.from('event: bye\n\n');
      reader.text.push(bye);
      reader.wire.push(reader.gzip.end(bye));
      readers.splice(readers.indexOf(reader), 1);
      ended.push(reader);
    }
  }
  expect(ended.length).toBeGreaterThan(5);
  for (const { wire, text } of ended)
    expect(gunzipSync(Buffer.concat(wire)).equals(Buffer.concat(text))).toBe(true);
});

test('a reader that is in step gets far fewer bytes than one that is not', () => {
  const random = randomOf(42);
  const history = new ViewHistory(new StreamCounts());
  const texts = Array.from({ length: 30 }, () => sampleText(random, 20));
  const blocks = texts.map((text) => history.add(text));
  const sum = (buffers: Buffer[]) => buffers.reduce((total, { length }) => total + length, 0);
  const following = sum(blocks.slice(1).map((block) => block.following));
  expect(following).toBeLessThan(0.8 * sum(blocks.slice(1).map((block) => block.alone)));
});

test('a block is compressed once per form, however many readers it has', () => {
  const counts = new StreamCounts();
  const history = new ViewHistory(counts);
  const readers = Array.from({ length: 50 }, () => new GzipStream(counts));
  const bytes = Buffer.from('event: log\ndata: {}\n\n');
  for (let index = 0; index < 4; index++) {
    const block = history.add(bytes);
    for (const reader of readers) reader.shared(block);
  }
  // Once without history for all, three times with it.
  expect(counts.compressedBytesIn).toBe(4 * bytes.length);
});

test('the CRC of two strings joined follows from the CRC of each', () => {
  const random = randomOf(7);
  for (let index = 0; index < 200; index++) {
    const [first, second] = [sampleText(random, 30), sampleText(random, 30)];
    const joined = crc32(Buffer.concat([first, second]));
    expect(combineCrc32(crc32(first), crc32(second), second.length)).toBe(joined);
  }
  expect(combineCrc32(5, 0, 0)).toBe(5);
});
