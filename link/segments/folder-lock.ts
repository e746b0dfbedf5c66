/** One process a folder: a file with the number of the process, and of its start where the system tells that. */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { folderInUse } from './segment-log-error.ts';

const LOCK_FILE_NAME = 'in-use-by';

export interface FolderLock extends Disposable {
  readonly file: string;
}

/** Throws a `SegmentLogError` (`segments-in-use`) where another log, of this process or one that lives, has it. */
export function lockFolder(dir: string): FolderLock {
  const file = path.join(dir, LOCK_FILE_NAME);
  const fresh = `${file}.${process.pid}.new`;
  writeFileSync(fresh, `${process.pid} ${startOf(process.pid)}`, { mode: 0o600 });
  try {
    if (!linkTo(fresh, file)) {
      const holder = holderOf(file);
      if (holder !== null) throw folderInUse(dir, holder);
      rmSync(file, { force: true });
      if (!linkTo(fresh, file)) throw folderInUse(dir, holderOf(file) ?? 0);
    }
  } finally {
    rmSync(fresh, { force: true });
  }
  return { file, [Symbol.dispose]: () => rmSync(file, { force: true }) };
}

/** False: there is one already. */
function linkTo(fresh: string, file: string): boolean {
  try {
    linkSync(fresh, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // Filesystems without hard links (FAT): there two at once can both win.
    writeFileSync(file, readFileSync(fresh), { mode: 0o600 });
    return true;
  }
}

/** The process that has the lock; null where it has ended, or its number is another's now. */
function holderOf(file: string): number | null {
  try {
    const [pid = 0, start] = readFileSync(file, 'utf8').split(' ');
    process.kill(Number(pid), 0);
    return startOf(Number(pid)) === start ? Number(pid) : null;
  } catch (error) {
    // A process of another user lives, whatever else is true of it.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 0 : null;
  }
}

/** Clock ticks from boot to its start (proc(5), field 22) and the boot; '-' where the system has no /proc. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${fields[19]}@${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch {
    return '-';
  }
}
