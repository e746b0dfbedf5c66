/** A disk of its own, small enough to fill: a tmpfs, where this user may mount one. */
import { execFileSync } from 'node:child_process';
import { statfsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  /** Takes what is free, but for so many bytes. Answers how to give it back. */
  fill(leaveBytes?: number): () => Promise<void>;
}

/** Null: mounting is not allowed here. */
export async function mountSmallDisk(bytes: number): Promise<SmallDisk | null> {
  const folder = await mkdtemp(path.join(tmpdir(), 'watchline-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    await rm(folder, { recursive: true });
    return null;
  }
  return {
    path: folder,
    fill(leaveBytes = 0) {
      const file = path.join(folder, 'filling');
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes)));
      return () => rm(file);
    },
    async [Symbol.asyncDispose]() {
      execFileSync('umount', ['-l', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function canMount(): Promise<boolean> {
  await using disk = await mountSmallDisk(64 * 1024);
  return disk !== null;
}
