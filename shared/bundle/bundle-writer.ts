/** Writes the text of a bundle: counts what went before, and keeps to the limits that readers hold bundles to. */
import {
  MAX_BUNDLE_LINES,
  MAX_BUNDLE_RECORD,
  MAX_BUNDLE_TEXT,
  type BundleHead,
  type BundleOmission,
  type BundleRecord,
} from './bundle-record.ts';

/** The last record needs room too. */
const MOST_TEXT = MAX_BUNDLE_TEXT - MAX_BUNDLE_RECORD;
const MOST_OMISSIONS = 1_000;

export class BundleWriter {
  readonly omissions: BundleOmission[] = [];
  readonly #emit: (text: string) => void;
  #records = 0;
  #lines = 0;
  #units = 0;

  /** `emit` is given the text in order. */
  constructor(head: Omit<BundleHead, 'kind'>, emit: (text: string) => void) {
    this.#emit = emit;
    this.add({ kind: 'bundle', ...head });
  }

  /** False: there is no room for it. */
  add(record: Exclude<BundleRecord, { kind: 'end' }>): boolean {
    if (record.kind === 'line' && this.#lines >= MAX_BUNDLE_LINES) return false;
    const text = `${JSON.stringify(record)}\n`;
    if (text.length > MAX_BUNDLE_RECORD || this.#units + text.length > MOST_TEXT) return false;
    if (record.kind === 'line') this.#lines++;
    this.#records++;
    this.#units += text.length;
    this.#emit(text);
    return true;
  }

  /** What was told already is not told again. */
  leaveOut(omission: BundleOmission): void {
    const isTold = this.omissions.some(
      ({ what, host, why }) => what === omission.what && host === omission.host && why === omission.why,
    );
    if (!isTold && this.omissions.length < MOST_OMISSIONS) this.omissions.push(omission);
  }

  end(): void {
    const { omissions } = this;
    const end = { kind: 'end', records: this.#records, omissions } satisfies BundleRecord;
    this.#emit(`${JSON.stringify(end)}\n`);
  }
}
