/** Which of a host's addresses are worth a glance. */
import { visibleText } from '../../../shared/visible-text.ts';
import type { Inventory } from '../../../shared/schema/host.ts';

/** Addresses people connect to, IPv4 first: neither loopback nor link-local, without prefix lengths. */
export function shownAddresses(interfaces: Inventory['interfaces']): string[] {
  const addresses = interfaces
    .flatMap((each) => each.addresses)
    .map((address) => visibleText(address.replace(/\/\d+$/, '')))
    .filter((address) => !/^(127\.|::1$|fe80:|169\.254\.)/i.test(address));
  const isFour = (address: string): boolean => !address.includes(':');
  return [...addresses.filter(isFour), ...addresses.filter((address) => !isFour(address))];
}
