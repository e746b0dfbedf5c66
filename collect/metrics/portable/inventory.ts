/** What the machine is made of, from systeminformation. */
import { arch, cpus, networkInterfaces, platform, release, totalmem, type, uptime } from 'node:os';
import type { Systeminformation } from 'systeminformation';
import type { Inventory } from '../../../shared/schema/host.ts';
import { timely } from '../timely.ts';
import type { SystemInformation } from './portable-machine.ts';

/** Asked once, so it may take long: Windows starts a shell for each answer. */
const TIMEOUT_MS = 20_000;

export async function readInventory(library: SystemInformation): Promise<Inventory> {
  const [os, cpu, system, links] = await Promise.all([
    timely(library.osInfo(), TIMEOUT_MS),
    timely(library.cpu(), TIMEOUT_MS),
    timely(library.system(), TIMEOUT_MS),
    timely(library.networkInterfaces(), TIMEOUT_MS),
  ]);
  const speeds = new Map([links ?? []].flat().map((link) => [link.ifaceName || link.iface, link.speed]));
  return {
    platform: platform(),
    os: ([os?.distro, os?.release].filter(Boolean).join(' ') || type()).slice(0, 256),
    kernel: (os?.kernel ?? release()).slice(0, 256),
    architecture: arch(),
    cpuModel: [cpu?.manufacturer, cpu?.brand].filter(Boolean).join(' ').slice(0, 256) || null,
    coreCount: Math.max(1, cpu?.cores ?? cpus().length),
    memoryBytes: totalmem(),
    virtualisation: system && virtualisationOf(system),
    bootTime: Math.round(Date.now() - uptime() * 1000),
    interfaces: Object.entries(networkInterfaces())
      .slice(0, 256)
      .map(([name, addresses = []]) => ({
        interface: name.slice(0, 64),
        addresses: addresses.slice(0, 64).map(({ address }) => address),
        mac: addresses[0]?.mac ?? null,
        // In Mbit/s.
        speedBitsPerSecond: (speeds.get(name) ?? 0) > 0 ? speeds.get(name)! * 1_000_000 : null,
      })),
  };
}

function virtualisationOf({ virtual, virtualHost }: Systeminformation.SystemData): string {
  return virtual ? (virtualHost ?? 'virtual machine').slice(0, 64) : 'none';
}
