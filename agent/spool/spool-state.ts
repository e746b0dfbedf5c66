/** State that the spool keeps beside the records: what its keeper had done when they were appended. Text to the spool. */

export interface StateKeeper {
  /** Asked right before each write: what changed since the last time, and belongs to what was appended until now. Null: nothing. */
  changed(): string | null;
  /** All of it, as of the `changed()` before the newest: what the records written so far stand for. Null: nothing. */
  whole(): string | null;
}

/** As an earlier start left it: the changes came after the whole, in this order; "null" where there was nothing to say. */
export interface KeptState {
  whole: string | null;
  changes: readonly string[];
}

const START = Buffer.from('{"state":');

/** As a record of its own; the hub never sees it. `change` is JSON. */
export function stateRecord(change: string): Buffer {
  return Buffer.from(`${START.toString()}${change}}`);
}

export function isStateRecord(payload: Buffer): boolean {
  return payload.subarray(0, START.length).equals(START);
}

export function changeOf(record: Buffer): string {
  return record.toString('utf8', START.length, record.length - 1);
}
