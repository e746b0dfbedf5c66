/** Files of state: replaced whole, never seen half-written, read by their owner alone. */
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Readers see the old content or the new, whole. Mode 0600. Throws what the file system throws. */
export function writeFileAtomically(file: string, content: string): void {
  const fresh = `${file}.${process.pid}.new`;
  try {
    writeFileSync(fresh, content, { mode: 0o600, flush: true });
    chmodSync(fresh, 0o600);
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
