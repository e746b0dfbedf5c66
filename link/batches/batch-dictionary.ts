/**
 * What makes a live batch small: the newest record of each kind that the batches before carried, used by both ends as
 * zstd's dictionary. A sample differs from the one before it in a few digits, so little is left to send. The batches of one
 * host go one after the other, so both ends know the same; a name made of the dictionary's bytes proves it.
 */
import { hash } from 'node:crypto';

/** In this order; what matches most stands last, where references are shortest. */
const kinds = ['filesystems', 'sensors', 'processes', 'sample'] as const;
type Kind = (typeof kinds)[number];

/** A longer record is left out: one host must not make its hub remember much. */
const MAX_RECORD_BYTES = 32 * 1024;
/** Of log lines, the newest of one batch: lines of one program are alike. */
const MAX_LOG_BYTES = 4 * 1024;
/** A record says what it is before its data. */
const NAME_WITHIN_BYTES = 128;
const LINE_END = Buffer.from('\n');
/** 64 bits: it tells states of one host apart, and guards nothing. */
const NAME_CHARACTERS = 16;

/** What stands in the header `dictionaryHeader` (shared/schema/uplink.ts), and what it stands for. */
export interface NamedDictionary {
  readonly name: string;
  readonly bytes: Buffer;
}

/** One host's, at one end. */
export class BatchDictionary {
  readonly #newest = new Map<Kind, Buffer>();
  #logs: readonly Buffer[] = [];
  #current: NamedDictionary | null = null;

  /** For the next live batch; null: nothing is known yet. */
  get current(): NamedDictionary | null {
    if (this.#newest.size === 0) return null;
    return (this.#current ??= named([
      ...this.#logs,
      ...kinds.flatMap((kind) => this.#newest.get(kind) ?? []),
    ]));
  }

  /**
   * Called for each live batch that was answered with 200, with its records' lines (without their ends), those that were
   * refused too. `isFirst`: it came without a dictionary, so what was known before counts no more.
   */
  learn(lines: readonly Buffer[], isFirst: boolean): void {
    if (isFirst) this.forget();
    this.#current = null;
    for (const line of lines) {
      const name = nameIn(line);
      const kind = kinds.find((each) => each === name);
      // Copied: a line is a piece of a batch many times its size.
      if (kind !== undefined && line.length <= MAX_RECORD_BYTES) this.#newest.set(kind, Buffer.from(line));
    }
    const logs = newestLogs(lines);
    if (logs.length > 0) this.#logs = logs;
  }

  forget(): void {
    this.#newest.clear();
    this.#logs = [];
    this.#current = null;
  }
}

/** The last ones that fit, in their order. */
function newestLogs(lines: readonly Buffer[]): Buffer[] {
  const logs: Buffer[] = [];
  let room = MAX_LOG_BYTES;
  for (let at = lines.length - 1; at >= 0 && room > 0; at--) {
    const line = lines[at]!;
    if (nameIn(line) !== 'log') continue;
    room -= line.length + LINE_END.length;
    if (room >= 0) logs.push(Buffer.from(line));
  }
  return logs.reverse();
}

function named(lines: readonly Buffer[]): NamedDictionary {
  const bytes = Buffer.concat(lines.flatMap((line) => [line, LINE_END]));
  return { name: hash('sha256', bytes, 'hex').slice(0, NAME_CHARACTERS), bytes };
}

/** Null: the line is no record as agents write them. */
function nameIn(line: Buffer): string | null {
  return /"name":"([a-z]+)"/.exec(line.toString('latin1', 0, NAME_WITHIN_BYTES))?.[1] ?? null;
}
