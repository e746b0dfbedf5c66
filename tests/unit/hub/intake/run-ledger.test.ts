/** Which records of a host have come, and what of that may be written down. */
import { expect, test } from 'vitest';
import { RunLedger } from '../../../../hub/intake/run-ledger.ts';

test('what waits for the disk is in no head: a head may be on disk before it', () => {
  const ledger = new RunLedger();
  const { shown, kept, durable } = ledger.entryOf('run1');
  for (const seq of [1, 2, 3]) {
    shown.add(seq);
    kept.add(seq);
  }
  expect(ledger.toJSON()).toEqual([['run1', []]]);
  durable.add(1);
  durable.add(2);
  expect(ledger.toJSON()).toEqual([['run1', [1, 2]]]);
});

test('what was written down has come, been kept and is durable', () => {
  const entry = new RunLedger([['run1', [1, 4]]]).find('run1')!;
  for (const ranges of [entry.shown, entry.kept, entry.durable]) expect(ranges.toJSON()).toEqual([1, 4]);
});
