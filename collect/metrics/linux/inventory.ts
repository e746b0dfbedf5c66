/** What a Linux machine is made of. */
import { readFile } from 'node:fs/promises';
import { arch, networkInterfaces, release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Inventory } from '../../../shared/schema/host.ts';
import { readVirtualisation } from './virtualisation.ts';

/** As many as the contract carries. */
const MAX_INTERFACES = 256;
const MAX_ADDRESSES = 64;

export async function readInventory(root: string): Promise<Inventory> {
  const read = (path: string) => readFile(join(root, path), 'utf8').catch(() => '');
  const [osRelease, cpuinfo, stat, meminfo, kernel, board] = await Promise.all([
    read('etc/os-release'),
    read('proc/cpuinfo'),
    read('proc/stat'),
    read('proc/meminfo'),
    read('proc/sys/kernel/osrelease'),
    read('proc/device-tree/model'),
  ]);
  const cores = stat.match(/^cpu\d+/gm)?.length ?? 0;
  const kibibytes = Number(/^MemTotal:\s*(\d+)/m.exec(meminfo)?.[1] ?? 0);
  return {
    platform: 'linux',
    os: (field(osRelease, /^PRETTY_NAME="?(.*?)"?$/m) ?? 'Linux').slice(0, 256),
    kernel: (kernel.trim() || release()).slice(0, 256),
    architecture: arch(),
    cpuModel: cpuModelOf(cpuinfo, board),
    coreCount: Math.max(1, cores),
    memoryBytes: kibibytes > 0 ? kibibytes * 1024 : totalmem(),
    virtualisation: readVirtualisation(root),
    bootTime: 1000 * Number(field(stat, /^btime (\d+)$/m) ?? 0),
    interfaces: await readInterfaces(root),
  };
}

/** x86 has "model name"; ARM kernels name the board, if anything. */
function cpuModelOf(cpuinfo: string, board: string): string | null {
  const model =
    field(cpuinfo, /^model name\s*:\s*(.+)$/m) ??
    field(cpuinfo, /^(?:Model|Hardware|cpu model)\s*:\s*(.+)$/m) ??
    board.replaceAll('\0', '').trim();
  return model ? model.slice(0, 256) : null;
}

async function readInterfaces(root: string): Promise<Inventory['interfaces']> {
  const known = Object.entries(networkInterfaces()).slice(0, MAX_INTERFACES);
  return Promise.all(
    known.map(async ([name, addresses = []]) => ({
      interface: name,
      addresses: addresses.slice(0, MAX_ADDRESSES).map(({ address }) => address),
      mac: addresses[0]?.mac ?? null,
      speedBitsPerSecond: await readSpeed(join(root, 'sys/class/net', name, 'speed')),
    })),
  );
}

/** In Mbit/s; -1, or an error, where the link is down or virtual. */
async function readSpeed(path: string): Promise<number | null> {
  const megabits = Number(await readFile(path, 'latin1').catch(() => ''));
  return megabits > 0 ? megabits * 1_000_000 : null;
}

function field(text: string, pattern: RegExp): string | null {
  return pattern.exec(text)?.[1] ?? null;
}
