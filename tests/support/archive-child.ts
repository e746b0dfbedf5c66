/** The program that keeper.test.ts kills: it moves the tapes of a folder, one after the other, and tells before it begins. */
import { keeperOf } from './archive-of.ts';

const keeper = keeperOf(process.argv[2]!);
process.send!('begins', () => {
  keeper.move(null);
  // Alive until it is killed: the test decides when.
  setInterval(() => undefined, 1_000);
});
process.on('disconnect', () => process.exit());
