/** The hubs this one reads: kept in `upstreams.json`, read while this hub runs. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { UpstreamEntry, UpstreamProbe, UpstreamRequest } from '../../shared/schema/servers.ts';
import { isSealed, type Keyring } from '../access/keyring.ts';
import type { HostRegistry } from '../hosts/host-registry.ts';
import type { KeptLabelFile } from '../hosts/kept-label-file.ts';
import { probeUpstream } from './probe.ts';
import { ReadingFile } from './reading-file.ts';
import { TakenHosts } from './taken-hosts.ts';
import { TargetGuard } from './target-guard.ts';
import { readUpstreamFile, writeUpstreamFile, type KeptUpstream } from './upstream-file.ts';
import { parseUpstreamUrl } from './upstream-url.ts';
import { Upstream } from './upstream.ts';

/** Each is a connection, and up to a snapshot's memory. */
export const MAX_UPSTREAMS = 32;

export interface UpstreamsOptions {
  dataDir: string;
  registry: HostRegistry;
  labels: Pick<KeptLabelFile, 'of'>;
  /** Whether an agent was paired under this id, though it may not have sent anything yet. */
  isAgent: (host: string) => boolean;
  /** Of this hub: it does not read itself. */
  epoch: string;
  allowedTargets: readonly string[];
  /** Seals the tokens of other hubs. */
  keyring: Keyring;
  upstreamSilenceMs: number;
  upstreamRetryMs: number;
  upstreamRefusedRetryMs: number;
  report: (trouble: Error) => void;
}

interface Held {
  kept: KeptUpstream;
  upstream: Upstream;
}

export class Upstreams implements AsyncDisposable {
  readonly #options: UpstreamsOptions;
  readonly #guard: TargetGuard;
  readonly #file: string;
  readonly #readingDir: string;
  readonly #held = new Map<string, Held>();

  /** Throws what making a folder throws. */
  constructor(options: UpstreamsOptions) {
    this.#options = options;
    this.#guard = new TargetGuard(options);
    this.#file = path.join(options.dataDir, 'upstreams.json');
    this.#readingDir = path.join(options.dataDir, 'upstreams');
    mkdirSync(this.#readingDir, { recursive: true, mode: 0o700 });
    for (const entry of this.#readKept().slice(0, MAX_UPSTREAMS)) this.#hold(entry);
  }

  get entries(): UpstreamEntry[] {
    return [...this.#held.values()].map(({ upstream }) => upstream.entry);
  }

  get isFull(): boolean {
    return this.#held.size >= MAX_UPSTREAMS;
  }

  hasOrigin(origin: string): boolean {
    return [...this.#held.values()].some(({ kept }) => kept.origin === origin);
  }

  /** Throws a `RefusedTargetError`, or that it cannot be reached. Nothing is sent. */
  async probe(address: string): Promise<UpstreamProbe> {
    return await probeUpstream(parseUpstreamUrl(address).origin, this.#guard);
  }

  /** Throws a `RefusedTargetError` where the address leads where it must not. A name that cannot be resolved may be later. */
  async check(url: URL): Promise<void> {
    await this.#guard.addressOf(url).catch((error: { code?: string }) => {
      if (error.code !== 'unreachable') throw error;
    });
  }

  /** Throws what writing the file throws; then nothing has changed. */
  add(url: URL, { token, pin, group }: UpstreamRequest): UpstreamEntry {
    const kept: KeptUpstream = {
      id: randomBytes(4).toString('hex'),
      origin: url.origin,
      token: token && this.#options.keyring.seal(token),
      pin,
      group: group || null,
      paused: false,
    };
    this.#save([...this.#kept(), kept]);
    return this.#hold(kept).entry;
  }

  /** Null: there is none of this id. Throws what writing the file throws; then nothing has changed. */
  async setPaused(id: string, paused: boolean): Promise<UpstreamEntry | null> {
    const held = this.#held.get(id);
    if (!held) return null;
    const changed = { ...held.kept, paused };
    this.#save(this.#kept().map((kept) => (kept.id === id ? changed : kept)));
    held.kept = changed;
    if (paused) await held.upstream.pause();
    else held.upstream.start();
    return held.upstream.entry;
  }

  /** False: there is none of this id. Throws what writing the file throws; then nothing has changed. */
  async remove(id: string): Promise<boolean> {
    const held = this.#held.get(id);
    if (!held) return false;
    this.#save(this.#kept().filter((kept) => kept.id !== id));
    this.#held.delete(id);
    await held.upstream.remove();
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#held.values()].map(({ upstream }) => upstream[Symbol.asyncDispose]()));
  }

  #hold(kept: KeptUpstream): Upstream {
    const { registry, labels, isAgent, epoch, report } = this.#options;
    const reading = new ReadingFile(this.#readingDir, kept.id, report);
    const hosts = new TakenHosts({
      registry,
      labels,
      reading,
      place: new URL(kept.origin).host,
      group: kept.group,
      ownEpoch: epoch,
      isClaimed: isAgent,
    });
    const upstream = new Upstream({
      kept,
      reading,
      hosts,
      registry,
      keyring: this.#options.keyring,
      guard: this.#guard,
      silenceMs: this.#options.upstreamSilenceMs,
      retryMs: this.#options.upstreamRetryMs,
      refusedRetryMs: this.#options.upstreamRefusedRetryMs,
      refusalOf: (other) => this.#refusalOf(kept, other),
    });
    this.#held.set(kept.id, { kept, upstream });
    return upstream;
  }

  /** One hub by two names would show every host twice. */
  #refusalOf({ id, origin }: KeptUpstream, epoch: string): string | null {
    if (epoch === this.#options.epoch) return `${origin} is this hub itself.`;
    const same = [...this.#held.values()].find(
      ({ kept, upstream }) => kept.id !== id && upstream.liveEpoch === epoch,
    );
    return same ? `${origin} is the hub that is already read as ${same.kept.origin}.` : null;
  }

  /** Tokens that were kept before there was a keyring are sealed now. */
  #readKept(): KeptUpstream[] {
    const { keyring, report } = this.#options;
    const kept = readUpstreamFile(this.#file, report);
    const sealed = kept.map((entry) =>
      entry.token === null || isSealed(entry.token) ? entry : { ...entry, token: keyring.seal(entry.token) },
    );
    if (sealed.every(({ token }, at) => token === kept[at]!.token)) return kept;
    try {
      this.#save(sealed);
    } catch (error) {
      report(error as Error);
    }
    return sealed;
  }

  #kept(): KeptUpstream[] {
    return [...this.#held.values()].map(({ kept }) => kept);
  }

  #save(kept: readonly KeptUpstream[]): void {
    writeUpstreamFile(this.#file, kept);
  }
}
