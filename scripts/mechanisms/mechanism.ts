/** A mechanism that keeps a promise, how to switch it off, and the test that must notice. */
export interface Mechanism {
  /** Its number in docs/promises.md. */
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
