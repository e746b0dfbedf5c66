/** Who a machine is stays the same. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { identifyHost } from '../../../agent/host-identity.ts';
import { hostId } from '../../../shared/schema/host-id.ts';

let dataDir: string;
let machineIdFile: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'watchline-agent-'));
  machineIdFile = join(dataDir, 'machine-id');
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const identify = (name: string | null = null): ReturnType<typeof identifyHost> =>
  identifyHost({ name, dataDir, machineIdFile });

it('comes from the machine id, without showing it', async () => {
  const machineId = '0123456789abcdef0123456789abcdef';
  await writeFile(machineIdFile, `${machineId}\n`);
  const first = await identify();
  expect(hostId.safeParse(first.id).success).toBe(true);
  expect(first.id).not.toContain(machineId.slice(0, 8));
  expect(first.name).toBe(hostname());
  expect((await identify()).id).toBe(first.id);
  await writeFile(machineIdFile, machineId.replace('0', '1'));
  expect((await identify()).id).not.toBe(first.id);
});

it('is made up and kept where the machine has no id', async () => {
  const first = await identify('web-1');
  expect(first).toMatchObject({ name: 'web-1' });
  expect(hostId.safeParse(first.id).success).toBe(true);
  expect((await identify()).id).toBe(first.id);
  expect((await stat(join(dataDir, 'host-id'))).mode & 0o777).toBe(0o600);
  expect((await readFile(join(dataDir, 'host-id'), 'utf8')).trim()).toBe(first.id);
});

it('replaces a kept id that is not one', async () => {
  await writeFile(join(dataDir, 'host-id'), '../../etc/passwd\n');
  const { id } = await identify();
  expect(hostId.safeParse(id).success).toBe(true);
  expect((await readFile(join(dataDir, 'host-id'), 'utf8')).trim()).toBe(id);
});

it('goes without keeping it where the folder takes no file', async () => {
  await writeFile(join(dataDir, 'file'), '');
  const { id } = await identifyHost({ name: null, dataDir: join(dataDir, 'file', 'below'), machineIdFile });
  expect(hostId.safeParse(id).success).toBe(true);
});
