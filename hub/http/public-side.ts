/** The way people come from outside, as the owner described it: the public address, and the proxies they pass. It changes while the hub runs. */
import type { BlockList } from 'node:net';
import { addressRanges, isInRanges } from './address-ranges.ts';

export class PublicSide {
  #url: URL | null = null;
  #proxies: BlockList | null = null;

  /** `proxies`: addresses, and ranges in CIDR. Both are checked before: what is none of them throws. */
  set(publicUrl: string | null, proxies: readonly string[]): void {
    this.#url = publicUrl === null ? null : new URL(publicUrl);
    this.#proxies = proxies.length === 0 ? null : addressRanges(proxies);
  }

  get url(): URL | null {
    return this.#url;
  }

  /** Whether what this peer says of its own clients counts. */
  trusts(address: string): boolean {
    return this.#proxies !== null && isInRanges(this.#proxies, address);
  }

  /** Whether the name of a `Host` header, in lower case and without its port, is that of the public address. */
  isCalled(name: string): boolean {
    return this.#url?.hostname === name;
  }

  /** Whether somebody who uses this authority sees the public address, and that is one of TLS. */
  isSecureAt(authority: string): boolean {
    return this.#url?.protocol === 'https:' && this.#url.host === authority.toLowerCase();
  }
}
