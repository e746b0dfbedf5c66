/** A process that appends numbered lines to a file at a steady pace, as a server would: O_APPEND, reopened on SIGHUP. */
import { closeSync, openSync, writeSync } from 'node:fs';

const [file, lineCount, linesPerTick] = [process.argv[2]!, Number(process.argv[3]), Number(process.argv[4])];
let descriptor = openSync(file, 'a');
let next = 0;

process.on('SIGHUP', () => {
  closeSync(descriptor);
  descriptor = openSync(file, 'a');
});

const timer = setInterval(() => {
  let text = '';
  for (let i = 0; i < linesPerTick && next < lineCount; i++)
    text += `number ${next++} of a line that is as long as lines are\n`;
  writeSync(descriptor, text);
  if (next < lineCount) return;
  clearInterval(timer);
  process.stdout.write('written\n');
  process.stdin.once('end', () => process.exit()).resume();
}, 5);
