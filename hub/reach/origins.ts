/** Every origin a hub can be called by, and the one that links lead to. */
import { isIP } from 'node:net';
import type { ReachBase } from '../../shared/schema/reach.ts';
import type { TlsPair } from '../tls/tls-pair.ts';
import { machineNames, networkAddresses } from './machine-names.ts';

export type PortTls = Pick<TlsPair, 'isFor' | 'dnsNames' | 'certificate' | 'certificateFile' | 'isOwn'>;

/** How a hub stands at this moment. */
export interface StandingReach {
  home: { listenHost: string; port: number; tls: PortTls | null };
  /** Null: not open. */
  network: { port: number; certificate: { pair: PortTls } | null } | null;
  /** An origin. */
  publicUrl: string | null;
  /** This machine's address towards other networks, where it was asked for. */
  outward: string | null;
  /** Whether the hub answers to a name in `Host`; it does to each of its addresses. */
  answersTo: (name: string) => boolean;
}

/** One way of coming to the hub over a network. */
interface OpenPort {
  port: number;
  tls: PortTls | null;
}

export function baseOf(standing: StandingReach): ReachBase {
  if (standing.publicUrl !== null) {
    return {
      url: standing.publicUrl,
      kind: 'public',
      warning: publicWarning(standing, new URL(standing.publicUrl)),
    };
  }
  const open = networkPortOf(standing);
  if (open === null) return { url: homeOrigin(standing), kind: 'loopback', warning: loopbackWarning };
  const name = calledBy(standing, open)[0];
  if (name === undefined) return { url: homeOrigin(standing), kind: 'loopback', warning: noNetworkWarning };
  return { url: originOf(open, name), kind: 'network', warning: warningOf(open) };
}

/** Where no proxy stands in between, readers see the certificate of the listener itself. */
function publicWarning(standing: StandingReach, { protocol, port }: URL): string | null {
  if (protocol === 'http:') return plainWarning;
  const open = networkPortOf(standing);
  return open !== null && Number(port || 443) === open.port ? warningOf(open) : null;
}

function warningOf({ tls }: OpenPort): string | null {
  if (tls === null) return plainWarning;
  return tls.isOwn ? ownWarning : null;
}

/** The best first. */
export function originsOf(standing: StandingReach): string[] {
  const open = networkPortOf(standing);
  const outside = standing.publicUrl === null ? [] : [standing.publicUrl];
  const near = open === null ? [] : calledBy(standing, open).map((name) => originOf(open, name));
  return [...new Set([...outside, ...near, homeOrigin(standing)])];
}

/** The listener that others on the network reach; the second one before the hub's own. */
function networkPortOf({ home, network }: StandingReach): OpenPort | null {
  if (network !== null) return { port: network.port, tls: network.certificate?.pair ?? null };
  return isLoopback(home.listenHost) ? null : home;
}

/**
 * Addresses before names: an address needs nobody to resolve it. Names come first where the certificate is for them alone, and only
 * those it is for count.
 */
function calledBy({ home, network, outward }: StandingReach, { tls }: OpenPort): string[] {
  const isOneAddress = network === null && home.listenHost !== '0.0.0.0' && home.listenHost !== '::';
  const addresses = isOneAddress ? [home.listenHost] : networkAddresses();
  // It may be of a network that this machine has left since.
  if (outward !== null && addresses.includes(outward)) addresses.unshift(outward);
  const names = tls === null ? machineNames().names : [...machineNames().names, ...tls.dnsNames];
  const all = [...new Set([...addresses, ...names])].filter((name) => !isLoopback(name));
  return tls === null ? all : all.filter((name) => tls.isFor(name));
}

function homeOrigin({ home }: StandingReach): string {
  const isEveryAddress = home.listenHost === '0.0.0.0' || home.listenHost === '::';
  const address = isEveryAddress ? '127.0.0.1' : home.listenHost;
  const name = home.tls === null || home.tls.isFor(address) ? address : (home.tls.dnsNames[0] ?? address);
  return originOf(home, name);
}

function originOf({ port, tls }: Pick<OpenPort, 'port' | 'tls'>, name: string): string {
  const host = isIP(name) === 6 ? `[${name}]` : name;
  return new URL(`${tls === null ? 'http' : 'https'}://${host}:${port}`).origin;
}

export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || name === '[::1]' || name.startsWith('127.');
}

const loopbackWarning =
  'This address reaches this machine only: open "This network", or name the address of your proxy, in Settings > Sharing.';
const noNetworkWarning = 'This machine has no network now: this address reaches this machine only.';
const plainWarning = 'This address is plain HTTP: anybody on the way can read along.';
const ownWarning = 'Browsers warn of this address until they trust the certificate of this hub.';
