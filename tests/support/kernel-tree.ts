/** A folder that stands in for a machine's root, with the files of /proc and /sys a test puts there. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export class KernelTree implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'watchline-kernel-'));

  constructor(files: Record<string, string> = {}) {
    this.write(files);
  }

  /** Paths below the root; a file that is there keeps its inode, as the kernel's do. */
  write(files: Record<string, string>): this {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(this.root, dirname(path)), { recursive: true });
      writeFileSync(join(this.root, path), text);
    }
    return this;
  }

  folder(...paths: string[]): this {
    for (const path of paths) mkdirSync(join(this.root, path), { recursive: true });
    return this;
  }

  remove(path: string): this {
    rmSync(join(this.root, path), { recursive: true });
    return this;
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
