/** How far the samples of each host were taken: kept on the disk, so that a restart goes on where it was. */
import { readFileSync } from 'node:fs';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { hostId } from '../../../shared/schema/host-id.ts';

const fileShape = z.object({ hosts: z.record(hostId, z.int().check(z.minimum(0))) });

export class WrittenUntil {
  readonly #file: string;
  readonly #until: Map<string, number>;
  #isChanged = false;

  /** A file that cannot be read counts as none: what came before is then not written. */
  constructor(file: string) {
    this.#file = file;
    this.#until = new Map(Object.entries(read(file)));
  }

  /** Epoch milliseconds, the end excluded; null: nothing of it was. */
  of(host: string): number | null {
    return this.#until.get(host) ?? null;
  }

  set(host: string, until: number): void {
    if (this.#until.get(host) === until) return;
    this.#until.set(host, until);
    this.#isChanged = true;
  }

  /** Hosts that were not heard of since `before` are let go. Throws what writing a file throws. */
  async save(before: number): Promise<void> {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    for (const [host, until] of this.#until) if (until < before) this.#until.delete(host);
    const fresh = `${this.#file}.new`;
    await writeFile(fresh, JSON.stringify({ hosts: Object.fromEntries(this.#until) }), { mode: 0o600 });
    await chmod(fresh, 0o600);
    await rename(fresh, this.#file);
  }

  async erase(): Promise<void> {
    this.#until.clear();
    await rm(this.#file, { force: true });
  }
}

function read(file: string): Record<string, number> {
  try {
    return fileShape.parse(JSON.parse(readFileSync(file, 'utf8'))).hosts;
  } catch {
    return {};
  }
}
