/** A mechanism that keeps a promise, how to switch it off, and the test that must notice. */
export interface Mechanism {
  /**
   * Number of the promise: 1 to 9 of the stream, 10 to 13 of slow and hostile readers, 14 to 19 of agents, 20 to 24 of logs,
   * 25 to 33 of doors and keys, 34 to 36 of storage and time.
   */
  promise: number;
  /** What it does, in a few words. */
  what: string;
  /** Source file, and the text that stands in it exactly once. */
  file: string;
  text: string;
  /** What stands there when the mechanism is off. */
  off: string;
  /** Kind of the test, its file without "tests/KIND/" and ".test.ts", and words of its title. */
  kind: 'unit' | 'contract' | 'integration' | 'e2e';
  test: string;
  title: string;
}
