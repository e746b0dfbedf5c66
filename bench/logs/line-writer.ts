/**
 * A server that writes numbered lines of 120 bytes at a steady pace, each with the moment it was written. On SIGHUP it goes on in
 * the file under its path, as daemons do. Arguments: file, number of lines, lines per second.
 */
import { Buffer } from 'node:buffer';
import { closeSync, openSync, writeSync } from 'node:fs';
import {
  LINE_BYTES,
  numberedLine,
  NUMBER_AT,
  NUMBER_DIGITS,
  STAMP_AT,
  STAMP_DIGITS,
} from './numbered-line.ts';

/** Between two writes: what a busy logger's buffer is flushed by. */
const TICK_MS = 5;

const [file, lineCount, linesPerSecond] = [
  process.argv[2]!,
  Number(process.argv[3]),
  Number(process.argv[4]),
];
const linesPerTick = Math.max(1, Math.round((linesPerSecond * TICK_MS) / 1000));
const lines = Buffer.from(numberedLine().repeat(4 * linesPerTick));
let descriptor = openSync(file, 'a');
let next = 0;

process.on('SIGHUP', () => {
  closeSync(descriptor);
  descriptor = openSync(file, 'a');
});

const startedAt = performance.now();
const timer = setInterval(() => {
  const due = Math.floor(((performance.now() - startedAt) * linesPerSecond) / 1000);
  const count = Math.min(due - next, lineCount - next, lines.length / LINE_BYTES);
  if (count > 0) write(count);
  if (next < lineCount) return;
  clearInterval(timer);
  process.stdout.write(`${performance.now() - startedAt}\n`);
  process.stdin.once('end', () => process.exit()).resume();
}, TICK_MS);

function write(count: number): void {
  const stamp = Buffer.from(String(process.hrtime.bigint() / 1000n).padStart(STAMP_DIGITS, '0'));
  for (let i = 0; i < count; i++) {
    putNumber(i * LINE_BYTES + NUMBER_AT, next++);
    lines.set(stamp, i * LINE_BYTES + STAMP_AT);
  }
  writeSync(descriptor, lines, 0, count * LINE_BYTES);
}

function putNumber(at: number, value: number): void {
  for (let i = at + NUMBER_DIGITS - 1, rest = value; i >= at; i--) {
    const tenth = (rest / 10) | 0;
    lines[i] = 48 + rest - tenth * 10;
    rest = tenth;
  }
}
