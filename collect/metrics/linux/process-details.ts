/** What is read only of processes that are shown: name, command line, owner. Kept while they live. */
import { readFileSync, statSync } from 'node:fs';
import type { UserNames } from './user-names.ts';

/** A daemon may drop its rights after it was seen first: who owns it is asked again this often. */
const OWNER_KEPT_MS = 30_000;
const MAX_COMMAND_CHARACTERS = 1024;

export class ProcessDetails {
  readonly #path: string;
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
    if (name !== this.name) {
      this.name = name;
      this.command = readCommand(this.#path) || `[${name}]`;
    }
    if (monotonicMs - this.#ownerReadMs < OWNER_KEPT_MS) return;
    this.#ownerReadMs = monotonicMs;
    const owner = readOwner(this.#path);
    if (owner !== null) this.user = users.of(owner, monotonicMs);
  }
}

/** Empty for kernel threads, and for what has ended meanwhile. */
function readCommand(path: string): string {
  try {
    const text = readFileSync(`${path}/cmdline`, 'utf8');
    return text.replace(/\0+$/, '').replaceAll('\0', ' ').slice(0, MAX_COMMAND_CHARACTERS);
  } catch {
    return '';
  }
}

/** Of the folder, which belongs to the effective user even where the files in it belong to root. */
function readOwner(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.uid ?? null;
}
