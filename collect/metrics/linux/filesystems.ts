/** Size and use of mounted filesystems, as `df` shows them. */
import { readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Filesystems } from '../../../shared/schema/slow-tiers.ts';
import { timely } from '../timely.ts';
import { isRemote, parseMounts, type Mount } from './mounts.ts';

type MountRow = Filesystems['mounts'][number];

/** A filesystem that answers later than this is left out. */
const TIMEOUT_MS = 2_000;
/** As many as one event may carry. */
const MAX_MOUNTS = 512;

/** What statfs(2) says, in blocks of `bsize` bytes. */
interface Figures {
  bsize: number;
  blocks: number;
  bfree: number;
  bavail: number;
  files: number;
  ffree: number;
}

export interface FilesystemReaderOptions {
  /** Default 2000. */
  timeoutMs?: number;
  /** Asks one filesystem; default statfs(2). Tests bring one that hangs. */
  statfs?: (path: string) => Promise<Figures>;
}

export class FilesystemReader {
  readonly #root: string;
  readonly #timeoutMs: number;
  readonly #statfs: (path: string) => Promise<Figures>;
  /** Mounts whose answer is still awaited: a hung one holds a thread, so it is not asked again. */
  readonly #awaited = new Set<string>();

  constructor(root: string, options: FilesystemReaderOptions = {}) {
    this.#root = root;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#statfs = options.statfs ?? statfs;
  }

  async read(): Promise<MountRow[]> {
    const mounts = parseMounts(await this.#mountsFile()).slice(0, MAX_MOUNTS);
    const rows: MountRow[] = [];
    for (const mount of mounts) {
      const row = this.#isAskable(mount) ? await this.#ask(mount) : null;
      if (row) rows.push(row);
    }
    return rows;
  }

  async #mountsFile(): Promise<string> {
    return readFile(join(this.#root, 'proc/self/mountinfo'), 'utf8').catch(() => '');
  }

  /** While one remote filesystem hangs the others are left alone, so that only one thread is ever lost to them. */
  #isAskable(mount: Mount): boolean {
    if (this.#awaited.has(mount.mount)) return false;
    return !(isRemote(mount) && this.#awaited.size > 0);
  }

  async #ask(mount: Mount): Promise<MountRow | null> {
    this.#awaited.add(mount.mount);
    const answer = this.#statfs(join(this.#root, mount.mount))
      .then((figures) => rowOf(mount, figures))
      .finally(() => this.#awaited.delete(mount.mount));
    return timely(answer, this.#timeoutMs);
  }
}

/** Null for filesystems without blocks, which `df` leaves out too. */
function rowOf(mount: Mount, figures: Figures): MountRow | null {
  if (figures.blocks === 0) return null;
  return {
    ...mount,
    totalBytes: figures.blocks * figures.bsize,
    usedBytes: (figures.blocks - figures.bfree) * figures.bsize,
    availableBytes: Math.max(0, figures.bavail * figures.bsize),
    inodesTotal: figures.files > 0 ? figures.files : null,
    inodesUsed: figures.files > 0 ? figures.files - figures.ffree : null,
  };
}
