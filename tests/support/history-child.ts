/**
 * The program that the soak of history kills: a store that takes a sample of every second since it was told to begin, and brings them in all the time. It
 * tells up to which second they are on the disk. `node history-child.ts DATA_DIR FIRST_SECOND`
 */
import { HistoryStore } from '../../hub/history/store/history-store.ts';
import { shortLadder } from './history-of.ts';
import { sampleOf } from './observations.ts';

const [dataDir, first] = process.argv.slice(2);
const never = new AbortController().signal;
/** Samples between two looks at the disk. */
const TOGETHER = 50;

const store = new HistoryStore({
  dataDir: dataDir!,
  maxBytes: 1024 ** 3,
  ladder: shortLadder,
  report: (trouble) => process.send!({ trouble: trouble.message }),
});
process.on('disconnect', () => process.exit());

/** A question is answered after what was taken is written. */
let keeping = Promise.resolve();
for (let second = Number(first); ; second++) {
  store.takeSample(sampleOf('web-1', second, { time: second * 1_000 }));
  if (second % TOGETHER !== 0) continue;
  try {
    await store.extent('web-1', never);
  } catch (error) {
    process.send!({ trouble: (error as Error).message });
    continue;
  }
  process.send!({ written: second });
  keeping = keeping.then(() => store.keep());
  if (second % (4 * TOGETHER) === 0) await keeping;
}
