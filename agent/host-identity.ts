/** Who this machine is, the same at every start. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { hostId } from '../shared/schema/host-id.ts';

export interface HostIdentity {
  id: string;
  name: string;
}

export interface HostIdentityOptions {
  /** What people call it; null: its host name. */
  name: string | null;
  /** Keeps the id of a machine that has none of its own, as `host-id`. */
  dataDir: string;
  /** Default /etc/machine-id. */
  machineIdFile?: string;
}

export async function identifyHost(options: HostIdentityOptions): Promise<HostIdentity> {
  const { dataDir, machineIdFile = '/etc/machine-id' } = options;
  const id = (await machineId(machineIdFile)) ?? (await keptId(dataDir));
  return { id, name: options.name ?? (hostname() || 'this machine') };
}

/** Hashed, because machine-id(5) asks programs not to show the id itself to others. */
async function machineId(path: string): Promise<string | null> {
  const text = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (!/^[0-9a-f]{32}$/.test(text)) return null;
  return createHash('sha256').update(`watchline host ${text}`).digest('hex').slice(0, 32);
}

async function keptId(dataDir: string): Promise<string> {
  const path = join(dataDir, 'host-id');
  const kept = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (hostId.safeParse(kept).success) return kept;
  const fresh = randomUUID().replaceAll('-', '');
  // A folder that takes no file costs the id's stability, not the observation.
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
    .then(() => writeFile(path, `${fresh}\n`, { mode: 0o600 }))
    .catch(() => undefined);
  return fresh;
}
