/** Network interfaces; packets are told nowhere but on Linux. */
import { networkInterfaces } from 'node:os';
import type { InterfaceCounters, InterfaceKind } from '../reading.ts';
import type { SystemInformation } from './portable-machine.ts';

export async function readInterfaces(library: SystemInformation): Promise<InterfaceCounters[]> {
  const stats = await library.networkStats('*');
  return stats.map((stat) => ({
    interface: stat.iface.slice(0, 64),
    kind: kindOf(stat.iface),
    receiveBytes: stat.rx_bytes,
    receivePackets: 0,
    receiveErrors: stat.rx_errors || 0,
    receiveDrops: stat.rx_dropped || 0,
    transmitBytes: stat.tx_bytes,
    transmitPackets: 0,
    transmitErrors: stat.tx_errors || 0,
    transmitDrops: stat.tx_dropped || 0,
  }));
}

/** macOS: lo0, then bridges, tunnels and Apple's own links; Windows names loopback so. */
function kindOf(name: string): InterfaceKind {
  if (/^lo\d*$|loopback/i.test(name)) return 'loopback';
  if (/^(?:utun|bridge|awdl|llw|gif|stf|ap\d|anpi|vmnet|vnic|tap|tun)|virtual|vethernet/i.test(name))
    return 'virtual';
  const isInternal = networkInterfaces()[name]?.every(({ internal }) => internal) ?? false;
  return isInternal ? 'loopback' : 'physical';
}
