/**
 * What is kept of reading one upstream: the cursor, and under which ids its hosts are known here. So a restart of this hub goes on
 * where it was, shows the hosts at once, and calls none of them by another's name.
 */
import { readFileSync } from 'node:fs';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { observedHost } from '../../shared/schema/uplink.ts';
import { hostId } from '../../shared/schema/host-id.ts';

/** A cursor that is a second old costs a second of replay. */
const SAVE_EVERY_MS = 1_000;

/** `described` is as here: `described.id` is the id on this hub. */
const keptHost = z.object({ remote: hostId, described: observedHost });
export type KeptHost = z.infer<typeof keptHost>;
const hostsShape = z.object({ hosts: z.array(keptHost).check(z.maxLength(4_096)) });
const cursorShape = z.object({ cursor: z.nullable(z.string().check(z.maxLength(64))) });

export class ReadingFile implements AsyncDisposable {
  readonly #cursorFile: string;
  readonly #hostsFile: string;
  readonly #report: (trouble: Error) => void;
  readonly #hosts = new Map<string, KeptHost['described']>();
  #cursor: string | null;
  #unsaved = { cursor: false, hosts: false };
  #timer: NodeJS.Timeout | null = null;
  #saving: Promise<void> = Promise.resolve();
  #isUnsavable = false;

  /** `report` is told once where nothing can be saved. A file that cannot be read counts as none: a snapshot mends it. */
  constructor(dir: string, id: string, report: (trouble: Error) => void) {
    this.#cursorFile = path.join(dir, `${id}.cursor.json`);
    this.#hostsFile = path.join(dir, `${id}.hosts.json`);
    this.#report = report;
    this.#cursor = read(this.#cursorFile, cursorShape)?.cursor ?? null;
    for (const { remote, described } of read(this.#hostsFile, hostsShape)?.hosts ?? []) {
      this.#hosts.set(remote, described);
    }
  }

  get cursor(): string | null {
    return this.#cursor;
  }

  set cursor(cursor: string | null) {
    this.#cursor = cursor;
    this.#schedule('cursor');
  }

  /** By the id on the other hub. */
  get hosts(): ReadonlyMap<string, KeptHost['described']> {
    return this.#hosts;
  }

  /** Null: the host is known here under no id. */
  idOf(remote: string): string | null {
    return this.#hosts.get(remote)?.id ?? null;
  }

  keep(remote: string, described: KeptHost['described']): void {
    const before = this.#hosts.get(remote);
    if (before && JSON.stringify(before) === JSON.stringify(described)) return;
    this.#hosts.set(remote, described);
    this.#schedule('hosts');
  }

  drop(remote: string): void {
    if (this.#hosts.delete(remote)) this.#schedule('hosts');
  }

  /** The upstream was removed. */
  async erase(): Promise<void> {
    await this[Symbol.asyncDispose]();
    await Promise.all([this.#cursorFile, this.#hostsFile].map((file) => rm(file, { force: true })));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#save();
    await this.#saving;
  }

  #schedule(what: 'cursor' | 'hosts'): void {
    this.#unsaved[what] = true;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#save();
    }, SAVE_EVERY_MS);
  }

  /** One after the other. The hosts first: a cursor without them would leave hosts that nobody describes again. */
  #save(): void {
    const { cursor, hosts } = this.#unsaved;
    this.#unsaved = { cursor: false, hosts: false };
    const list = { hosts: [...this.#hosts].map(([remote, described]) => ({ remote, described })) };
    const place = { cursor: this.#cursor };
    this.#saving = this.#saving.then(async () => {
      try {
        if (hosts) await replace(this.#hostsFile, list);
        if (cursor) await replace(this.#cursorFile, place);
        this.#isUnsavable = false;
      } catch (error) {
        if (!this.#isUnsavable) this.#report(error as Error);
        this.#isUnsavable = true;
      }
    });
  }
}

function read<Value>(file: string, schema: z.ZodMiniType<Value>): Value | null {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Without waiting for the disk: what a power cut takes is asked for again. */
async function replace(file: string, value: unknown): Promise<void> {
  const fresh = `${file}.new`;
  await writeFile(fresh, JSON.stringify(value), { mode: 0o600 });
  await chmod(fresh, 0o600);
  await rename(fresh, file);
}
