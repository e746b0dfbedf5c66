/** Which sequence numbers were seen, whatever order they came in. */
import { expect, test } from 'vitest';
import { MAX_RANGES, MAX_RUNS, RunLedger } from '../../../../hub/intake/run-ledger.ts';
import { SeqRanges } from '../../../../hub/intake/seq-ranges.ts';

test('numbers in any order, some twice, agree with a set of them', () => {
  const ranges = new SeqRanges();
  const set = new Set<number>();
  let random = 7;
  for (let count = 0; count < 5_000; count++) {
    random = (random * 48_271) % 2_147_483_647;
    const seq = 1 + (random % 800);
    if (count % 7 === 0) {
      ranges.remove(seq);
      set.delete(seq);
    } else {
      expect(ranges.add(seq)).toBe(!set.has(seq));
      set.add(seq);
    }
    expect(ranges.has(seq)).toBe(set.has(seq));
  }
  for (let seq = 0; seq <= 801; seq++) expect([seq, ranges.has(seq)]).toEqual([seq, set.has(seq)]);
  const flat = ranges.toJSON();
  expect(flat).toEqual([...flat].sort((a, b) => a - b));
  expect(SeqRanges.of(flat).toJSON()).toEqual(flat);
});

test('neighbours become one range', () => {
  const ranges = new SeqRanges();
  for (const seq of [1, 2, 5, 4, 3]) ranges.add(seq);
  expect(ranges.toJSON()).toEqual([1, 5]);
  ranges.remove(3);
  expect(ranges.toJSON()).toEqual([1, 2, 4, 5]);
  ranges.closeLowestHole();
  expect(ranges.toJSON()).toEqual([1, 5]);
  expect(ranges.highest).toBe(5);
});

test('all of another one is included, touching and overlapping ranges joined', () => {
  const ranges = SeqRanges.of([1, 3, 10, 12, 20, 20]);
  ranges.include(SeqRanges.of([4, 5, 11, 30, 40, 41]));
  expect(ranges.toJSON()).toEqual([1, 5, 10, 30, 40, 41]);
});

test('a ledger keeps its newest runs, and closes holes that nothing fills any more', () => {
  const ledger = new RunLedger();
  ledger.entryOf('first').kept.add(1);
  for (let run = 0; run < MAX_RUNS; run++) ledger.entryOf(`run${run}`).kept.add(1);
  expect(ledger.size).toBe(MAX_RUNS);
  expect(ledger.find('first')).toBeNull();

  const { kept } = ledger.entryOf('scattered');
  for (let count = 1; count <= MAX_RANGES + 10; count++) kept.add(2 * count);
  expect(ledger.isScattered('scattered')).toBe(true);
  ledger.tidy('scattered');
  expect(kept.length).toBe(MAX_RANGES);
  expect(kept.has(3)).toBe(true);
  expect(kept.has(2 * MAX_RANGES + 19)).toBe(false);
});

test('a ledger is the same after it was written and read', () => {
  const ledger = new RunLedger();
  for (const seq of [1, 2, 9]) ledger.entryOf('aaaa').durable.add(seq);
  ledger.entryOf('bbbb').durable.add(4);
  const again = new RunLedger(JSON.parse(JSON.stringify(ledger.toJSON())) as ReturnType<RunLedger['toJSON']>);
  expect(again.toJSON()).toEqual(ledger.toJSON());
  expect(again.entryOf('aaaa').shown.has(9)).toBe(true);
});
