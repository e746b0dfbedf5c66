/** A damaged file of state is kept for whoever wants to mend it, out of the way of the new one. */
import { renameSync } from 'node:fs';

/** Renames the file to `FILE.damaged`, over an earlier one. Returns a sentence that says where it is. */
export function setAside(file: string): string {
  const aside = `${file}.damaged`;
  try {
    renameSync(file, aside);
    return `It was set aside as ${aside}.`;
  } catch (error) {
    return `It could not be set aside (${(error as NodeJS.ErrnoException).code}).`;
  }
}
