/** What hundreds of places that lines come from hold once they are quiet: next to nothing of what was read there. */
import { Buffer } from 'node:buffer';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it } from 'vitest';
import { createLineEmitter } from '../../../../collect/logs/line-emitter.ts';
import { LineSplitter } from '../../../../collect/logs/line-splitter.ts';

const PLACES = 200;
const CHUNK_BYTES = 64 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const open: unknown[] = [];

afterEach(() => {
  open.length = 0;
});

/** Of what `work` leaves behind, by place, little is held once its garbage is collected, which a thread of V8's does in its own time. */
async function expectLittleHeld(work: () => void): Promise<void> {
  collect();
  await turn();
  collect();
  const before = memory();
  work();
  await turn();
  const held = () => {
    collect();
    return (memory() - before) / PLACES;
  };
  await expect.poll(held, { timeout: 10_000 }).toBeLessThan(CHUNK_BYTES / 4);
}

function memory(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function chunkOf(end: string): Buffer {
  const line = `info a line that is long enough to be a slice of all that was read with it ${'x'.repeat(40)}\n`;
  const chunk = Buffer.alloc(CHUNK_BYTES, line);
  chunk.fill('\n', chunk.length - end.length - 1);
  chunk.write(end, chunk.length - end.length);
  return chunk;
}

it('a line that was told leaves nothing of what was read with it', async () => {
  const emitter = createLineEmitter('web-1', () => {});
  await expectLittleHeld(() => {
    const chunk = chunkOf('');
    for (let place = 0; place < PLACES; place++) {
      const lines = emitter.open(`${place}.log`);
      open.push(lines);
      new LineSplitter({ onLine: lines.onLine }).push(chunk);
    }
  });
});

it('half a line holds no more than itself, whatever buffers were made meanwhile', async () => {
  await expectLittleHeld(() => {
    const chunk = chunkOf('half a line');
    for (let place = 0; place < PLACES; place++) {
      const splitter = new LineSplitter({ onLine: () => {} });
      open.push(splitter);
      splitter.push(chunk);
      // As frames are, out of the pool that all small buffers share.
      for (let byte = 0; byte < CHUNK_BYTES; byte += 1_000) Buffer.allocUnsafe(1_000);
    }
  });
});

it('a long line that came in pieces leaves nothing once it was told', async () => {
  await expectLittleHeld(() => {
    const piece = Buffer.alloc(CHUNK_BYTES / 2, 'x');
    for (let place = 0; place < PLACES; place++) {
      const splitter = new LineSplitter({ onLine: () => {} });
      open.push(splitter);
      splitter.push(piece);
      splitter.push(Buffer.from('\n'));
    }
  });
});
