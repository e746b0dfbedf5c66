/**
 * Who is at the other end: its address, what it calls this hub, and whether it came by TLS. What `X-Forwarded-For`, `-Proto`, `-Host`
 * and `Forwarded` (RFC 7239) say counts only where it comes from a trusted proxy: anybody can write them.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { plainAddress } from './host-names.ts';
import { authorityOf } from './http2-request.ts';
import type { PublicSide } from './public-side.ts';

export interface Client {
  /** IP address of the nearest peer that is no trusted proxy. */
  address: string;
  /** What the client calls this hub; undefined: the request names nothing, or two things. */
  authority: string | undefined;
  isSecure: boolean;
}

/** One proxy's word on the client before it; null: it says nothing of that. */
interface Hop {
  address: string | null;
  protocol: string | null;
}

/** Proxies on one way. More are not looked at. */
const MAX_HOPS = 16;

/** `isTls`: the connection itself is one of TLS. */
export function clientOf(request: IncomingMessage, isTls: boolean, outside: PublicSide): Client {
  const peer = plainAddress(request.socket.remoteAddress ?? '');
  const authority = authorityOf(request);
  if (!outside.trusts(peer)) return { address: peer, authority, isSecure: isTls || isPublic(authority) };
  const { address, protocol } = behind(peer, hopsOf(request), outside);
  const called = lastOf(request.headers['x-forwarded-host']) ?? authority;
  return {
    address,
    authority: called,
    isSecure: protocol === null ? isTls || isPublic(called) : protocol === 'https',
  };

  function isPublic(name: string | undefined): boolean {
    return name !== undefined && outside.isSecureAt(name);
  }
}

/** From the nearest hop outwards, as long as each is named by a proxy that is trusted. */
function behind(
  peer: string,
  hops: readonly Hop[],
  outside: PublicSide,
): { address: string; protocol: string | null } {
  let address = peer;
  let protocol: string | null = null;
  for (const hop of hops.slice(-MAX_HOPS).reverse()) {
    if (!outside.trusts(address)) break;
    protocol = hop.protocol ?? protocol;
    // "unknown", a hidden name, anything that is no address: the last known one stands for it.
    if (hop.address === null) break;
    address = hop.address;
  }
  return { address, protocol };
}

/**
 * In the order of the headers: the client first, the nearest proxy last. A proxy writes one kind and may hand on the other as its client
 * wrote it; so where both are there and name different clients, neither counts.
 */
function hopsOf({ headers }: IncomingMessage): Hop[] {
  const listed = listedHops(headers['x-forwarded-for'], headers['x-forwarded-proto']);
  const forwarded = forwardedHops(headers.forwarded);
  if (forwarded.length === 0) return listed;
  if (listed.length === 0) return forwarded;
  return JSON.stringify(listed.map(addressIn)) === JSON.stringify(forwarded.map(addressIn)) ? listed : [];
}

function addressIn({ address }: Hop): string | null {
  return address;
}

/** Where there are fewer protocols than addresses, the last one is the nearest proxy's. */
function listedHops(
  addresses: string | string[] | undefined,
  protocols: string | string[] | undefined,
): Hop[] {
  const listed = wordsOf(addresses);
  const said = wordsOf(protocols).map((word) => word.toLowerCase());
  if (listed.length === 0) return said.length === 0 ? [] : [{ address: null, protocol: said.at(-1)! }];
  return listed.map((word, index) => ({
    address: addressOf(word),
    protocol: said[said.length - listed.length + index] ?? null,
  }));
}

/** `for=192.0.2.60;proto=http;by=203.0.113.43, for="[2001:db8::1]:4711"` */
function forwardedHops(header: string | undefined): Hop[] {
  return wordsOf(header).map((element) => {
    const pairs = new Map(
      element.split(';').map((pair) => {
        const [name, value = ''] = pair.split('=', 2) as [string, string?];
        return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')] as const;
      }),
    );
    return {
      address: addressOf(pairs.get('for') ?? ''),
      protocol: pairs.get('proto')?.toLowerCase() ?? null,
    };
  });
}

/** "192.0.2.7", "192.0.2.7:4711", "2001:db8::1", "[2001:db8::1]:4711"; null for anything else. */
function addressOf(word: string): string | null {
  const bare = /^\[([^\]]+)\](:\d+)?$/.exec(word)?.[1] ?? /^([\d.]+):\d+$/.exec(word)?.[1] ?? word;
  return isIP(bare) === 0 ? null : plainAddress(bare);
}

function lastOf(header: string | string[] | undefined): string | undefined {
  return wordsOf(header).at(-1);
}

/** A header that came several times counts as one list. */
function wordsOf(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
