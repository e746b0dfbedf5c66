/** The program that keeper.test.ts and the soak kill: it brings in the tapes of a folder, again and again, and tells before it begins. */
import { keepHistory } from './history-of.ts';

const [folder, first, stepMs] = process.argv.slice(2);
let now = Number(first);
process.send!('begins', () => {
  for (;;) {
    keepHistory(folder!, now);
    now += Number(stepMs);
  }
});
process.on('disconnect', () => process.exit());
