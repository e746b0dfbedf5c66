/** The folder of the archive: what its files are called, in which order they follow, and which of them go first. */
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

/** Volumes are named by when they were begun, tapes too: the order of names is that in which lines came. */
const volumeName = /^(\d{16})\.volume$/;
const tapeName = /^(\d{16})\.tape$/;
const damagedName = /\.damaged$/;
/** SQLite's own, beside a volume. */
const besides = ['-wal', '-shm', '-journal'];

export interface ArchiveFile {
  name: string;
  path: string;
  bytes: number;
  /** Epoch milliseconds of the newest write. */
  writtenAt: number;
}

export function volumesIn(folder: string): ArchiveFile[] {
  return filesIn(folder, volumeName);
}

export function tapesIn(folder: string): ArchiveFile[] {
  return filesIn(folder, tapeName);
}

/**
 * Begun at `now`, in epoch milliseconds; behind all there are, whatever the clock says. No name comes twice: lines of a tape whose name
 * was moved are not moved again.
 */
export function nextName(folder: string, kind: 'volume' | 'tape', now = Date.now()): string {
  const newest = (kind === 'volume' ? volumesIn(folder) : tapesIn(folder)).at(-1)?.name ?? '0';
  const microseconds = Number((process.hrtime.bigint() / 1000n) % 1000n);
  const number = Math.max(now * 1000 + microseconds, Number.parseInt(newest, 10) + 1);
  return `${String(number).padStart(16, '0')}.${kind}`;
}

/** When a file was begun, in epoch milliseconds. */
export function begunAt({ name }: Pick<ArchiveFile, 'name'>): number {
  return Math.floor(Number.parseInt(name, 10) / 1000);
}

/** With what SQLite has beside it. */
function removeVolume(file: string): void {
  rmSync(file, { force: true });
  for (const ending of besides) rmSync(file + ending, { force: true });
}

/** Out of the way, for whoever wants to look at it; the one before it goes. */
export function setAside(folder: string, file: string): string {
  for (const name of readdirSync(folder))
    if (damagedName.test(name)) rmSync(path.join(folder, name), { force: true });
  const aside = `${file}.damaged`;
  renameSync(file, aside);
  for (const ending of besides) rmSync(file + ending, { force: true });
  return aside;
}

export interface Bounds {
  maxBytes: number;
  maxAgeMs: number;
}

/** Whole files go, the oldest first; the newest volume stays for its size, and tapes, which wait to be moved, go by age alone. */
export function applyBounds(folder: string, { maxBytes, maxAgeMs }: Bounds, now = Date.now()): void {
  const isOld = ({ writtenAt }: ArchiveFile) => writtenAt < now - maxAgeMs;
  for (const tape of tapesIn(folder)) if (isOld(tape)) rmSync(tape.path, { force: true });
  const volumes = volumesIn(folder);
  let bytes = bytesIn(folder);
  for (const volume of volumes) {
    const isTooMuch = bytes > maxBytes && volume !== volumes.at(-1);
    if (!isTooMuch && !isOld(volume)) break;
    removeVolume(volume.path);
    bytes -= volume.bytes;
  }
}

/** Of all there is, what was set aside included. */
export function bytesIn(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder)) bytes += statOf(path.join(folder, name))?.size ?? 0;
  return bytes;
}

function filesIn(folder: string, pattern: RegExp): ArchiveFile[] {
  const files: ArchiveFile[] = [];
  for (const name of namesIn(folder).sort()) {
    if (!pattern.test(name)) continue;
    const file = path.join(folder, name);
    const own = statOf(file);
    if (own === null) continue;
    const log = pattern === volumeName ? statOf(`${file}-wal`) : null;
    const writtenAt = Math.max(own.mtimeMs, log?.mtimeMs ?? 0);
    files.push({ name, path: file, bytes: own.size + (log?.size ?? 0), writtenAt });
  }
  return files;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Null: it has gone meanwhile. */
function statOf(file: string): { size: number; mtimeMs: number } | null {
  return statSync(file, { throwIfNoEntry: false }) ?? null;
}
