/** One host for some seconds of real time: `node write-live.ts FOLDER RECORDING SECONDS`. Prints how many bytes were given to the disk, the start left out. */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { HistoryStore } from '../../hub/history/store/history-store.ts';
import { defaultLadder } from '../../hub/history/store/ladder.ts';
import type { Sample } from '../../shared/schema/sample.ts';

const [dataDir, recording, seconds] = process.argv.slice(2);
const samples = JSON.parse(readFileSync(recording!, 'utf8')) as Sample[];
const report = (trouble: Error) => {
  throw trouble;
};
await using store = new HistoryStore({
  dataDir: dataDir!,
  maxBytes: 1024 ** 3,
  ladder: defaultLadder,
  report,
});
let before = 0;
for (let second = 0; second < Number(seconds); second++) {
  if (second === 2) before = writtenBytes();
  store.takeSample({ ...samples[second % samples.length]!, time: Date.now() });
  await wait(1_000);
}
process.stdout.write(String((writtenBytes() - before) / (Number(seconds) - 2)));

/** proc(5), /proc/pid/io: what the kernel is to write because of this process. */
function writtenBytes(): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? 0);
}
