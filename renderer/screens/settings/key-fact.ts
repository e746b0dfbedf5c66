/** The confirmed key of a server, as a fact of its row: short, and whole where one points at it. */
import type { RecordFact } from '../../components/record-fact.ts';
import { unknown } from '../../format/number.ts';
import { shortKey, wholeKey } from '../../servers/fingerprint.ts';
import { serverMessages } from '../../servers/server-messages.ts';

/** Null: its certificate is one that the system trusts, or there is none. */
export function keyFact(pin: string | null): RecordFact {
  const label = serverMessages.read.key;
  return pin === null ? { label, text: unknown } : { label, text: shortKey(pin), title: wholeKey(pin) };
}
