/**
 * The Host allow-list. A page of a foreign name that resolves to this machine (DNS rebinding) sends its own
 * name in `Host`: so only names this hub is known by pass.
 */
import { ProblemError } from './problem.ts';
import type { PublicSide } from './public-side.ts';

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

export class HostNames {
  readonly #names: ReadonlySet<string>;
  readonly #outside: Pick<PublicSide, 'isCalled'>;

  /** Of one listener: names and addresses it may be called by, besides loopback's and the public one. */
  constructor(names: readonly string[], outside: Pick<PublicSide, 'isCalled'>) {
    this.#names = new Set([...loopbackNames, ...names.map(bracketed)]);
    this.#outside = outside;
  }

  /** Whether this host name, or address in brackets or without, is one this hub is known by. */
  has(name: string): boolean {
    const written = bracketed(name);
    return this.#names.has(written) || this.#outside.isCalled(written);
  }

  /**
   * `localAddress` is what the connection came in on: an address in `Host` needs no DNS, so it cannot be rebound.
   * Throws a 421 `ProblemError`.
   */
  check(hostHeader: string | undefined, localAddress: string | undefined): void {
    const name = nameOf(hostHeader ?? '');
    if (name !== null && (this.has(name) || name === bracketed(plainAddress(localAddress ?? '')))) return;
    throw new ProblemError(
      421,
      'host-not-allowed',
      `This hub does not answer to the name ${JSON.stringify((hostHeader ?? '').slice(0, 100))}.`,
      {
        remedy: 'Open it by its address, or allow the name with --allow-host NAME.',
      },
    );
  }
}

/** Without the port, in lower case; null where it is not a host at all. */
function nameOf(hostHeader: string): string | null {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/.exec(hostHeader.toLowerCase())?.[1] ?? null;
}

/** IPv6 addresses stand in brackets in `Host`. */
function bracketed(name: string): string {
  const lower = name.toLowerCase();
  return lower.includes(':') && !lower.startsWith('[') ? `[${lower}]` : lower;
}

/** An IPv4 connection on an IPv6 socket shows as "::ffff:192.0.2.1". */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
