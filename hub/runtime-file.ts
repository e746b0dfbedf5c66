/**
 * The runtime file: says where the hub of a data folder runs, for `watchline tail` and for a second hub that
 * must not start in the same folder. Private (0600): it holds the owner's token.
 */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { get, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import path from 'node:path';
import { WatchlineError } from '../shared/errors.ts';
import { paths } from '../shared/protocol.ts';
import { RUNTIME_FILE_NAME, runtimeFile, type RuntimeFile } from '../shared/schema/runtime-file.ts';
import { writeFileAtomically } from '../link/atomic-file.ts';

/** An address that nobody answers at within this time is taken for one where no hub is (any more). */
const LIVE_CHECK_MS = 1_500;

export class AlreadyRunningError extends WatchlineError {
  constructor({ url, pid }: RuntimeFile) {
    super('already-running', `A hub already runs with this data folder: ${url} (process ${pid}).`, {
      remedy: 'Open that address, stop that process, or choose another data folder with --data DIR.',
    });
  }
}

function runtimeFileOf(dataDir: string): string {
  return path.join(dataDir, RUNTIME_FILE_NAME);
}

/** Null where there is none, or none that can be read. */
export function readRuntimeFile(dataDir: string): RuntimeFile | null {
  try {
    return runtimeFile.parse(JSON.parse(readFileSync(runtimeFileOf(dataDir), 'utf8')));
  } catch {
    return null;
  }
}

/** Throws `AlreadyRunningError` where the folder's hub is alive; removes what a dead one left. */
export async function refuseSecondHub(dataDir: string): Promise<void> {
  const found = readRuntimeFile(dataDir);
  if (found && (await isAlive(found))) throw new AlreadyRunningError(found);
  rmSync(runtimeFileOf(dataDir), { force: true });
}

/** Of two hubs that start at once one wins: a link to an existing name fails. Throws `AlreadyRunningError` for the other. */
export function writeRuntimeFile(dataDir: string, runtime: RuntimeFile): void {
  const file = runtimeFileOf(dataDir);
  const fresh = `${file}.${process.pid}.${runtime.token.slice(0, 6)}.new`;
  writeFileSync(fresh, JSON.stringify(runtime), { mode: 0o600 });
  try {
    linkSync(fresh, file);
  } catch (error) {
    const winner = readRuntimeFile(dataDir);
    if (winner) throw new AlreadyRunningError(winner);
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    // Filesystems without hard links (FAT) get a plain file: there two hubs at once can both win.
    writeFileAtomically(file, JSON.stringify(runtime));
  } finally {
    rmSync(fresh, { force: true });
  }
}

/** Leaves another hub's file alone. */
export function removeRuntimeFile(dataDir: string, token: string): void {
  if (readRuntimeFile(dataDir)?.token === token) rmSync(runtimeFileOf(dataDir), { force: true });
}

/**
 * The process lives, and what answers at the address knows the file's token: so it is that very hub. One that takes a connection and says
 * nothing is busy, or was stopped by Ctrl-Z: it goes on with what it has open in the folder.
 */
async function isAlive(runtime: RuntimeFile): Promise<boolean> {
  return processLives(runtime.pid) && (await answerTo(runtime)) !== 'none';
}

function processLives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What answers at the file's address knows the file's token. */
export async function answersToToken(runtime: RuntimeFile): Promise<boolean> {
  return (await answerTo(runtime)) === 'right';
}

/** `late`: somebody took the connection, and has not answered in time. */
async function answerTo({ url, token, certificateFile }: RuntimeFile): Promise<'right' | 'late' | 'none'> {
  const signal = AbortSignal.timeout(LIVE_CHECK_MS);
  const options = { headers: { Authorization: `Bearer ${token}` }, agent: false, signal } as const;
  let isTaken = false;
  try {
    const request = await startRequest(new URL(paths.hosts, url), options, certificateFile);
    const heed = (socket: Socket): unknown => socket.once('connect', () => (isTaken = true));
    if (request.socket === null) request.once('socket', heed);
    else heed(request.socket);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.destroy();
    return response.statusCode === 200 ? 'right' : 'none';
  } catch {
    return isTaken && signal.aborted ? 'late' : 'none';
  }
}

/** TLS is imported only where the file speaks of it. */
async function startRequest(
  url: URL,
  options: RequestOptions,
  certificateFile: string | null,
): Promise<ClientRequest> {
  if (certificateFile === null) return get(url, options);
  const [https, { pinnedTo }] = await Promise.all([import('node:https'), import('../link/tls/pinned.ts')]);
  return https.get(url, { ...options, ...pinnedTo(certificateFile) });
}
