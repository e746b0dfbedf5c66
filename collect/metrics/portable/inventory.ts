/** What the machine is made of, from systeminformation. */
import { arch, networkInterfaces, platform, uptime } from 'node:os';
import type { Inventory } from '../../../shared/schema/host.ts';
import type { SystemInformation } from './portable-machine.ts';

export async function readInventory(library: SystemInformation): Promise<Inventory> {
  const [os, cpu, memory, system, links] = await Promise.all([
    library.osInfo(),
    library.cpu(),
    library.mem(),
    library.system(),
    library.networkInterfaces(),
  ]);
  const speeds = new Map([links].flat().map((link) => [link.ifaceName || link.iface, link.speed]));
  return {
    platform: platform(),
    os: [os.distro, os.release].filter(Boolean).join(' ').slice(0, 256),
    kernel: os.kernel.slice(0, 256),
    architecture: arch(),
    cpuModel: [cpu.manufacturer, cpu.brand].filter(Boolean).join(' ').slice(0, 256) || null,
    coreCount: Math.max(1, cpu.cores),
    memoryBytes: memory.total,
    virtualisation: system.virtual ? (system.virtualHost ?? 'virtual machine').slice(0, 64) : 'none',
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
