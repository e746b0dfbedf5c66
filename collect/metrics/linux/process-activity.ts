/**
 * Tells cheaply that a process has not run since it was last looked at, so that nothing of it need be read: most
 * processes of a machine sleep. /proc/PID/schedstat (kernel doc: scheduler/sched-stats) costs the kernel a third
 * of /proc/PID/stat, and counts in nanoseconds, but only the first thread: it serves processes of one thread.
 */
import { join } from 'node:path';
import type { ByteScanner } from './byte-scanner.ts';
import type { OpenFileBudget } from './open-file-budget.ts';
import { ProcessFile } from './process-file.ts';

export class ProcessActivity implements Disposable {
  readonly #file: ProcessFile;
  #ranNanoseconds = NaN;

  constructor(path: string, budget: OpenFileBudget) {
    this.#file = new ProcessFile(`${path}/schedstat`, budget);
  }

  /** False at the first call, and where it cannot be told. */
  hasRested(scanner: ByteScanner): boolean {
    if (!this.#file.read(scanner)) return false;
    const before = this.#ranNanoseconds;
    this.#ranNanoseconds = scanner.number();
    return this.#ranNanoseconds === before;
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

/** Whether this kernel counts: built without, the file is missing; switched off, it holds zeros. */
export function countsActivity(procPath: string, scanner: ByteScanner): boolean {
  return new ProcessFile(join(procPath, 'self/schedstat'), null).read(scanner) && scanner.number() > 0;
}
