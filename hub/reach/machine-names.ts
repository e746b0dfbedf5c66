/** What this machine is called on its networks: the names and addresses a certificate has to be for, and a link may lead to. */
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

export interface MachineNames {
  /** Host name first, then the one of multicast DNS; in lower case. May be empty. */
  names: readonly string[];
  /** Of every interface but loopback's, without those that are good for one link only. */
  addresses: readonly string[];
}

export function machineNames(): MachineNames {
  const name = hostname().toLowerCase();
  const isName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name) && isIP(name) === 0;
  const local = `${name.split('.', 1)[0]!}.local`;
  return { names: isName ? [...new Set([name, local])] : [], addresses: networkAddresses() };
}

/** IPv4 before IPv6, which fewer networks carry. */
export function networkAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outward = all.filter(({ internal, address }) => !internal && !/^(169\.254\.|fe80:)/i.test(address));
  return ['IPv4', 'IPv6'].flatMap((wanted) =>
    outward.filter(({ family }) => family === wanted).map(({ address }) => address),
  );
}

/** Any address elsewhere: which one decides nothing, and nothing is sent there. */
const ELSEWHERE = '192.0.2.1';

/**
 * The address this machine uses towards other networks: with virtual machines and containers it has several, and only this one is
 * surely known to others. Null: it has no way out. The system's routes are asked; no packet leaves.
 */
export async function outwardAddress(): Promise<string | null> {
  // Imported only here: most hubs are never asked.
  const { createSocket } = await import('node:dgram');
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (address: string | null): void => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => end(null));
    socket.connect(9, ELSEWHERE, () => {
      const { address } = socket.address();
      end(isIP(address) !== 0 && address !== '0.0.0.0' && !address.startsWith('127.') ? address : null);
    });
  });
}
