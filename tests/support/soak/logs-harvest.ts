/** What the tailers of a soak have handed over, by the number of each line: taken as a hub does it, each record of each run once. */
interface TakenRecord {
  run: string;
  seq: number;
  name: string;
  data: { text?: string };
}

export class LogsHarvest {
  readonly #times: Uint8Array;
  readonly #taken = new Map<string, Set<number>>();
  #received = 0;
  #newest = -1;
  gaps = 0;
  /** Records of any kind. */
  taken = 0;
  /** A source was told: the file is open. */
  isFollowed = false;

  constructor(lines: number) {
    this.#times = new Uint8Array(lines);
  }

  /** Different numbers. */
  get received(): number {
    return this.#received;
  }

  get newest(): number {
    return this.#newest;
  }

  take(json: string): void {
    const { run, seq, name, data } = JSON.parse(json) as TakenRecord;
    const taken = this.#taken.get(run) ?? new Set();
    this.#taken.set(run, taken);
    // Sent again after a kill: the hub has it.
    if (taken.has(seq)) return;
    taken.add(seq);
    this.taken++;
    if (name === 'source') this.isFollowed = true;
    if (name === 'gap') this.gaps++;
    if (name !== 'log') return;
    const number = numberOf(data.text ?? '');
    if (!(number < this.#times.length)) return;
    if (this.#times[number]!++ === 0) this.#received++;
    this.#newest = Math.max(this.#newest, number);
  }

  get isComplete(): boolean {
    return this.#received === this.#times.length;
  }

  /** Everything up to `number` has come. */
  hasAllUpTo(number: number): boolean {
    const first = this.#times.indexOf(0);
    return first === -1 || first > number;
  }

  get lost(): number[] {
    return [...this.#times.keys()].filter((number) => this.#times[number] === 0);
  }

  get doubled(): number[] {
    return [...this.#times.keys()].filter((number) => this.#times[number]! > 1);
  }
}

/** NaN for a line without one. */
export function numberOf(text: string): number {
  return Number(/^number (\d+) /.exec(text)?.[1] ?? NaN);
}
