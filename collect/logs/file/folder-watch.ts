/** One `fs.watch` per folder. Where the system gives none (inotify exhausted, network share), polling is all there is. */
import { watch, type FSWatcher } from 'node:fs';

/** `name` of the entry that changed, null where the system does not say; `isRenamed`: it came, went or was renamed. */
export type OnFolderChange = (folder: string, name: string | null, isRenamed: boolean) => void;

export class FolderWatches implements Disposable {
  readonly #onChange: OnFolderChange;
  readonly #watchers = new Map<string, FSWatcher>();
  /** Folders whose watch missed a change that polling saw. */
  readonly #distrusted = new Set<string>();
  readonly #resting = new Set<string>();

  constructor(onChange: OnFolderChange) {
    this.#onChange = onChange;
  }

  /** True where changes in this folder are told and none was missed so far. */
  isTrusted(folder: string): boolean {
    return this.#watchers.has(folder) && !this.#distrusted.has(folder);
  }

  /** One that rests misses changes by intent. */
  distrust(folder: string): void {
    if (!this.isResting(folder)) this.#distrusted.add(folder);
  }

  isResting(folder: string): boolean {
    return this.#resting.has(folder);
  }

  /** Tells nothing of this folder until `resume`. */
  rest(folder: string): void {
    this.#resting.add(folder);
    this.#close(folder);
  }

  resume(folder: string): void {
    if (this.#resting.delete(folder)) this.#open(folder);
  }

  /** Watches exactly these folders, but for those that rest; those that cannot be watched are tried again at the next call. */
  watchOnly(folders: ReadonlySet<string>): void {
    for (const folder of this.#resting) if (!folders.has(folder)) this.#resting.delete(folder);
    for (const folder of this.#watchers.keys()) if (!folders.has(folder)) this.#close(folder);
    for (const folder of folders) {
      if (!this.#watchers.has(folder) && !this.isResting(folder)) this.#open(folder);
    }
  }

  [Symbol.dispose](): void {
    this.#resting.clear();
    for (const folder of [...this.#watchers.keys()]) this.#close(folder);
  }

  #open(folder: string): void {
    try {
      const watcher = watch(folder, (kind, name) => {
        // A folder that is itself removed or renamed tells its own name; the watch is dead from then on.
        if (kind === 'rename' && name !== null && folder.endsWith(`/${name}`)) this.#close(folder);
        this.#onChange(folder, name, kind === 'rename');
      });
      watcher.on('error', () => this.#close(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // ENOSPC, EMFILE (inotify exhausted), EACCES, ENOENT: polling covers the folder.
    }
  }

  #close(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
