/** One setting: where it may be given, and what it must be, in words. */

export interface Setting {
  /** Path in the config file and in `Config`. */
  key: string;
  /** On the command line, with its value's name. A `--no-` flag takes no value and means false. */
  flag: string;
  variable: string;
  kind: 'text' | 'number' | 'switch' | 'list';
  /** True for paths: `~/` is expanded, and a relative one is taken from the config file's folder or the current one. */
  isPath?: true;
  /** Completes "... must be". */
  mustBe: string;
  summary: string;
  /** What it is when it is not set, in words. */
  otherwise: string;
}
