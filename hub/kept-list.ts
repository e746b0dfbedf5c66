/** A list of what an owner added, as a file of state: `{ "<key>": [...] }`, for the hub's own user alone (0600). */
import { readFileSync } from 'node:fs';
import { writeFileAtomically } from '../link/atomic-file.ts';
import { setAside } from '../link/set-aside.ts';
import { WatchlineError } from '../shared/errors.ts';

export interface KeptList<Entry> {
  file: string;
  /** Of the list in the file. */
  key: string;
  schema: { safeParse(value: unknown): { data?: Entry | undefined } };
  /** Where it is damaged: the code, and what to do. */
  damage: { code: string; remedy: string };
}

/** A missing file holds none. Of a damaged one the entries that can be read are kept; it is set aside, and `report` is told. */
export function readKeptList<Entry>(
  { file, key, schema, damage }: KeptList<Entry>,
  report: (trouble: Error) => void,
): Entry[] {
  let cause: unknown;
  let kept: Entry[] = [];
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown> | null;
    const entries: unknown = content?.[key];
    if (!Array.isArray(entries)) throw new TypeError(`it holds no list of ${key}`);
    kept = entries.flatMap((entry: unknown) => schema.safeParse(entry).data ?? []);
    if (kept.length === entries.length) return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return kept;
    cause = error;
  }
  report(
    new WatchlineError(
      damage.code,
      `The list of ${key} ${file} is damaged: ${kept.length} of them could be read. ${setAside(file)}`,
      { remedy: damage.remedy, cause },
    ),
  );
  return kept;
}

/** Throws what writing the file throws. */
export function writeKeptList<Entry>({ file, key }: KeptList<Entry>, entries: readonly Entry[]): void {
  writeFileAtomically(file, `${JSON.stringify({ [key]: entries }, null, 2)}\n`);
}
