/** Frames of a container's outputs, cut anywhere. */
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { LogFrames, type Output } from '../../../../collect/logs/containers/log-frames.ts';

function frame(output: Output, text: string): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.alloc(8);
  head[0] = output === 'stderr' ? 2 : 1;
  head.writeUInt32BE(payload.length, 4);
  return Buffer.concat([head, payload]);
}

const moment = '2026-01-02T03:04:05.678901234Z ';

test('a line in pieces keeps the moment of its first one, wherever frames are cut', () => {
  const bytes = Buffer.concat([
    frame('stdout', `${moment}begun, `),
    frame('stderr', `${moment}of the other\n`),
    frame('stdout', `${moment}gone on, `),
    frame('stdout', `${moment}\n`),
    frame('stdout', `${moment}the next\n`),
  ]);
  for (let size = 1; size <= bytes.length; size++) {
    const told: Record<Output, string> = { stdout: '', stderr: '' };
    const frames = new LogFrames((output, chunk) => (told[output] += chunk.toString()));
    for (let at = 0; at < bytes.length; at += size) frames.push(bytes.subarray(at, at + size));
    expect(told).toEqual({
      stdout: `${moment}begun, gone on, \n${moment}the next\n`,
      stderr: `${moment}of the other\n`,
    });
  }
});
