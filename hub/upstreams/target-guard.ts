/** Decides which address is connected to: the one that was checked, so that a name cannot mean another a moment later. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { unreachableBecause } from '../../link/tls/connect-verified.ts';
import { isForbiddenAddress } from './forbidden-address.ts';
import { RefusedTargetError } from './refused-target-error.ts';

/** Names by which clouds offer a machine its secrets; where they lead differs. */
const metadataNames = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
]);

export interface TargetGuardOptions {
  /** Names and addresses that are used whatever they are. */
  allowedTargets: readonly string[];
  /** Every address of a name. Default: the system's resolver. */
  resolve?: (name: string) => Promise<readonly string[]>;
}

export class TargetGuard {
  readonly #allowed: ReadonlySet<string>;
  readonly #resolve: (name: string) => Promise<readonly string[]>;

  constructor({ allowedTargets, resolve = resolveAll }: TargetGuardOptions) {
    this.#allowed = new Set(allowedTargets.map((target) => plainName(target)));
    this.#resolve = resolve;
  }

  /**
   * The address to connect to. Throws a `RefusedTargetError` where any address of the name is forbidden: a name that means a
   * server and a cloud's metadata at once is set up to deceive. Throws `unreachable` where it has none.
   */
  async addressOf(url: URL): Promise<string> {
    const name = plainName(url.hostname);
    const addresses = isIP(name) === 0 ? await this.#addressesOf(name, url) : [name];
    if (this.#allowed.has(name)) return addresses[0]!;
    if (metadataNames.has(name)) throw forbiddenTarget(url, 'is a name of cloud metadata');
    const bad = addresses.find((address) => isForbiddenAddress(address) && !this.#allowed.has(address));
    if (bad === undefined) return addresses[0]!;
    throw forbiddenTarget(url, bad === name ? 'is no address of a server' : `leads to ${bad}`);
  }

  async #addressesOf(name: string, url: URL): Promise<readonly string[]> {
    let addresses: readonly string[];
    try {
      addresses = await this.#resolve(name);
    } catch (error) {
      throw unreachableBecause(url, error as NodeJS.ErrnoException);
    }
    if (addresses.length > 0) return addresses;
    throw unreachableBecause(url, Object.assign(new Error('no address'), { code: 'ENOTFOUND' }));
  }
}

async function resolveAll(name: string): Promise<string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

/** Without brackets, and without the dot that ends a whole name. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function forbiddenTarget(url: URL, why: string): RefusedTargetError {
  return new RefusedTargetError(
    'forbidden-target',
    `${url.hostname} ${why}: link-local, metadata, multicast and unspecified addresses are not read.`,
    `If it is right nevertheless, start this hub with --allow-target ${plainName(url.hostname)}.`,
  );
}
