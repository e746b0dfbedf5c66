/** What is read only of processes that are shown: name, command line, owner. Kept while they live. */
import { readFileSync, statSync } from 'node:fs';
import type { UserNames } from './user-names.ts';

/** A daemon may drop its rights after it was seen first: who owns it is asked again this often. */
const OWNER_KEPT_MS = 30_000;
const MAX_COMMAND_CHARACTERS = 1024;
const MAX_NAME_CHARACTERS = 64;
/** The kernel keeps no more of a name. */
const KERNEL_NAME_BYTES = 15;
/** What Node calls the main thread of every program that it runs, and with that the program. */
const NODE_NAME = 'MainThread';

export class ProcessDetails {
  readonly #path: string;
  #kernelName = '';
  name = '';
  command = '';
  user = '';
  #ownerReadMs = -Infinity;

  /** `path` is the process's folder, /proc/PID. */
  constructor(path: string) {
    this.#path = path;
  }

  /** `name` as the kernel has it now: it changes when a process starts another program in its place. */
  refresh(name: string, users: UserNames, monotonicMs: number): void {
    if (name !== this.#kernelName) {
      this.#kernelName = name;
      const words = readWords(this.#path);
      this.name = programName(name, words[0] ?? '');
      this.command = words.join(' ').slice(0, MAX_COMMAND_CHARACTERS) || `[${name}]`;
    }
    if (monotonicMs - this.#ownerReadMs < OWNER_KEPT_MS) return;
    this.#ownerReadMs = monotonicMs;
    const owner = readOwner(this.#path);
    if (owner !== null) this.user = users.of(owner, monotonicMs);
  }
}

/** As the kernel has it, unless that is no name of the program or cut, and how it was called says more. */
function programName(kernelName: string, called: string): string {
  const file = called.slice(called.lastIndexOf('/') + 1).slice(0, MAX_NAME_CHARACTERS);
  const isCut = Buffer.byteLength(kernelName) === KERNEL_NAME_BYTES && file.startsWith(kernelName);
  return (isCut || kernelName === NODE_NAME) && file !== '' ? file : kernelName;
}

/** None for kernel threads, and for what has ended meanwhile. */
function readWords(path: string): string[] {
  try {
    const text = readFileSync(`${path}/cmdline`, 'utf8').replace(/\0+$/, '');
    return text === '' ? [] : text.split('\0');
  } catch {
    return [];
  }
}

/** Of the folder, which belongs to the effective user even where the files in it belong to root. */
function readOwner(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.uid ?? null;
}
