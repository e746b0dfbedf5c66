/** What readers of one view get is, decompressed by others, exactly the text, whatever each of them had before. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { crc32, createGunzip, createZstdDecompress, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Codec } from '../../../../../hub/stream/compression/codec.ts';
import { combineCrc32 } from '../../../../../hub/stream/compression/crc32-combine.ts';
import { encodeOnce, EncodedStream } from '../../../../../hub/stream/compression/encoded-stream.ts';
import { gzipCodec } from '../../../../../hub/stream/compression/gzip-codec.ts';
import { ViewHistory } from '../../../../../hub/stream/compression/view-history.ts';
import { zstdCodec } from '../../../../../hub/stream/compression/zstd-codec.ts';
import { StreamCounts } from '../../../../../hub/stream/stream-counts.ts';
import { hasTool } from '../../../../support/system-tools.ts';

const codecs = [
  { codec: gzipCodec, decode: gunzipSync, createDecoder: createGunzip, tool: 'gzip', options: [] },
  {
    codec: zstdCodec,
    decode: zstdDecompressSync,
    createDecoder: createZstdDecompress,
    tool: 'zstd',
    options: ['--memory=128KB'],
  },
] as const;

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
  readonly encoded: EncodedStream;
  readonly #codec: Codec;
  /** What a decoder has to make of it. */
  readonly text: Buffer[] = [];
  readonly wire: Buffer[];

  constructor(codec: Codec, counts: StreamCounts) {
    this.#codec = codec;
    this.encoded = new EncodedStream(codec, counts);
    this.wire = [codec.header];
  }

  take(text: Buffer, block: Buffer): void {
    this.text.push(text, this.#codec.padding);
    this.wire.push(block);
  }

  own(text: Buffer): void {
    this.take(text, this.encoded.own(text));
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

/** Runs of one byte, and texts that repeat after 1 to 9: what a zstd encoder begins with offsets of its own for. */
function logText(random: () => number): Buffer {
  const word = random()
    .toString(36)
    .slice(2, 3 + Math.floor(random() * 9));
  const noise = random() < 0.1 ? Array.from({ length: 200 }, () => random().toString(36)).join('') : '';
  return Buffer.from(`event: log\ndata: ${word.repeat(Math.floor(random() * 60))} ü\u2028${noise}\n\n`);
}

function someText(random: () => number): Buffer {
  const kind = random();
  if (kind < 0.4) return logText(random);
  if (kind < 0.41) return sampleText(random, 4_000);
  return sampleText(random, kind < 0.45 ? 1_000 : 20);
}

/** Readers come, fall behind, get bytes of their own and leave. */
function play(codec: Codec, seed: number, steps: number): Reader[] {
  const random = randomOf(seed);
  const counts = new StreamCounts();
  const history = new ViewHistory(codec, counts);
  const readers: Reader[] = [];
  const ended: Reader[] = [];
  for (let step = 0; step < steps; step++) {
    if (readers.length < 6 && random() < 0.2) {
      const reader = new Reader(codec, counts);
      const snapshot = sampleText(random, 200);
      if (random() < 0.8) {
        reader.own(Buffer.from('retry: 2000\n\n'));
        reader.take(snapshot, reader.encoded.once(encodeOnce(codec, snapshot, counts)));
      }
      readers.push(reader);
    }
    const text = someText(random);
    const block = history.add(text);
    for (const reader of [...readers]) {
      const fate = random();
      // Behind: it misses the block, or got something of its own in its place.
      if (fate < 0.03) reader.encoded.settle();
      else if (fate < 0.06) reader.own(sampleText(random, 50));
      else reader.take(text, reader.encoded.shared(block));
      if (random() > 0.02) continue;
      const bye = Buffer.from('event: bye\n\n');
      reader.take(bye, reader.encoded.end(bye));
      readers.splice(readers.indexOf(reader), 1);
      ended.push(reader);
    }
  }
  return ended;
}

test.for(codecs.flatMap((each) => Array.from({ length: 8 }, (_, seed) => ({ ...each, seed }))))(
  'random joins, gaps, pings and byes: $codec.name, seed $seed',
  ({ codec, decode, seed }) => {
    const ended = play(codec, seed, 300);
    expect(ended.length).toBeGreaterThan(5);
    for (const { wire, text } of ended)
      expect(decode(Buffer.concat(wire)).equals(Buffer.concat(text))).toBe(true);
  },
);

test.for(codecs)('a decoder gives the text of a block when the block is there: $codec.name', async (each) => {
  for (const { wire, text } of play(each.codec, 77, 100)) {
    const decoder = each.createDecoder();
    let decoded = 0;
    decoder.on('data', (chunk: Buffer) => (decoded += chunk.length));
    let due = 0;
    decoder.write(wire[0]!);
    for (const [index, block] of wire.slice(1).entries()) {
      await new Promise((resolve) => decoder.write(block, resolve));
      due += text[2 * index]!.length + text[2 * index + 1]!.length;
      expect(decoded).toBe(due);
    }
    decoder.end();
    await once(decoder, 'end');
  }
});

test.for(codecs)('its own tool decodes it: $codec.name', ({ codec, tool, options }, { skip }) => {
  if (!hasTool(tool)) skip(`no ${tool}`);
  for (const { wire, text } of play(codec, 99, 150)) {
    const { stdout, stderr } = spawnSync(tool, ['-dc', ...options], {
      input: Buffer.concat(wire),
      maxBuffer: 1e8,
    });
    expect(stderr.toString()).toBe('');
    expect(stdout.equals(Buffer.concat(text))).toBe(true);
  }
});

test.for(codecs)(
  'a reader that is in step gets far fewer bytes than one that is not: $codec.name',
  (each) => {
    const random = randomOf(42);
    const history = new ViewHistory(each.codec, new StreamCounts());
    const texts = Array.from({ length: 30 }, () => sampleText(random, 20));
    const blocks = texts.map((text) => history.add(text));
    const sum = (buffers: Buffer[]) => buffers.reduce((total, { length }) => total + length, 0);
    const following = sum(blocks.slice(1).map((block) => block.following));
    expect(following).toBeLessThan(0.8 * sum(blocks.slice(1).map((block) => block.alone)));
  },
);

test.for(codecs)('a block is compressed once per form, however many readers it has: $codec.name', (each) => {
  const counts = new StreamCounts();
  const history = new ViewHistory(each.codec, counts);
  const readers = Array.from({ length: 50 }, () => new EncodedStream(each.codec, counts));
  const text = Buffer.from('event: log\ndata: {}\n\n');
  for (let index = 0; index < 4; index++) {
    const block = history.add(text);
    for (const reader of readers) reader.shared(block);
  }
  // Once without history for all, three times with it.
  expect(counts.compressed[each.codec.name].bytesIn).toBe(4 * text.length);
});

test('behind a zstd block come blank lines that set the repeat offsets to those a frame begins with', () => {
  const block = zstdCodec.compress(Buffer.from('event: log\ndata: abcdefghabcdefgh\n\n'), null);
  const last = zstdCodec.trailer({ crc: 0, size: 0 });
  const behind = [1, 2, 3].map((which) => {
    const frame = [zstdCodec.header, block, rawBlock('abcdefg'), repeatBlock('X', which), last];
    return zstdDecompressSync(Buffer.concat(frame)).toString().split('abcdefgh\n\n')[1];
  });
  const blank = zstdCodec.padding.toString();
  expect(blank).toMatch(/^\n+$/);
  expect(behind).toEqual(['XXX', 'efg', 'abc'].map((copied) => `${blank}abcdefgX${copied}`));
});

function rawBlock(text: string): Buffer {
  return Buffer.from([text.length << 3, 0, 0, ...Buffer.from(text)]);
}

/** One literal, then a match of 3 bytes by the first, second or third repeat offset (RFC 8878, 3.1.1.3; all tables of one symbol). */
function repeatBlock(literal: string, which: number): Buffer {
  const offset = [
    [0, 0b1],
    [1, 0b10],
    [1, 0b11],
  ][which - 1]!;
  const content = [1 << 3, literal.charCodeAt(0), 1, 0b01010100, 1, offset[0]!, 0, offset[1]!];
  return Buffer.from([(content.length << 3) | 0b100, 0, 0, ...content]);
}

test('the CRC of two strings joined follows from the CRC of each', () => {
  const random = randomOf(7);
  for (let index = 0; index < 200; index++) {
    const [first, second] = [sampleText(random, 30), sampleText(random, 30)];
    const joined = crc32(Buffer.concat([first, second]));
    expect(combineCrc32(crc32(first), crc32(second), second.length)).toBe(joined);
  }
  expect(combineCrc32(5, 0, 0)).toBe(5);
});
