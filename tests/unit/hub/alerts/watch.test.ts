/** A watch fires after its time and clears after its time, and makes nothing up where nothing was measured. */
import { expect, test } from 'vitest';
import { Watch } from '../../../../hub/alerts/watch.ts';

const rule = { forMs: 10_000, clearForMs: 4_000 };
const PATIENCE_MS = 5_000;

/** What it says of one reading a second: `#` over, `-` between, `.` clear, ` ` none. F where it fires, C where it clears. */
function saidOf(readings: string, watch = new Watch()): string {
  return [...readings]
    .map((each, second) => {
      if (each === ' ') return ' ';
      const reading = { time: second * 1_000, isOver: each === '#', isClear: each === '.' };
      const verdict = watch.take(reading, rule, PATIENCE_MS);
      return verdict === null ? each : verdict === 'fires' ? 'F' : 'C';
    })
    .join('');
}

test.for([
  ['fires once it held for its time', '..###########..', '..##########F..'],
  ['does not fire where it held shorter', '##########.#####', '##########.#####'],
  ['what is between begins anew', '#########-#########', '#########-#########'],
  ['clears once it is clear for its time', '###########....-..####.....', '##########F....-..####....C'],
  ['stays while it is between', '###########----------', '##########F----------'],
  ['fires again after it has cleared', '###########.....###########', '##########F....C##########F'],
  ['goes on over a short break', '#####   #####..', '#####   ##F##..'],
  ['begins anew after a long one', '#########       ##########.', '#########       ##########.'],
  ['does not clear by a time it did not see', '###########..       ...', '##########F..       ...'],
] as const)('%s', ([, readings, said]) => {
  expect(saidOf(readings)).toBe(said);
});

test('one that fired before goes on firing, and clears', () => {
  expect(saidOf('--##.....', new Watch(true))).toBe('--##....C');
});

test('a reading that is older than the one before says nothing', () => {
  const watch = new Watch();
  watch.take({ time: 5_000, isOver: true, isClear: false }, rule, PATIENCE_MS);
  watch.take({ time: 1_000, isOver: false, isClear: true }, rule, PATIENCE_MS);
  expect(watch.since).toBe(5_000);
  expect(watch.isIdle).toBe(false);
});

test('it is idle where nothing has to be remembered', () => {
  const watch = new Watch();
  watch.take({ time: 1, isOver: true, isClear: false }, rule, PATIENCE_MS);
  watch.take({ time: 2, isOver: false, isClear: true }, rule, PATIENCE_MS);
  expect(watch.isIdle).toBe(true);
});
