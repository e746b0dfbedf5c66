/**
 * How this hub is reached, in one place: by its own listener, by a second one on the network, and by an address outside. What the
 * owner chose is kept in `reach.json`; what was given by flags or the config file stands above it.
 */
import { WatchlineError } from '../../shared/errors.ts';
import type { ReachBase, ReachChange, ReachSettings } from '../../shared/schema/reach.ts';
import { keptOrRefused } from '../agents/kept-or-refused.ts';
import type { HttpListener } from '../http/http-listener.ts';
import { baseOf, originsOf, type PortTls, type StandingReach } from './origins.ts';
import { outwardAddress } from './machine-names.ts';
import type { NetworkPort, NetworkPortParts } from './network-port.ts';
import { ReachFile } from './reach-file.ts';

/** The hub's own listener: open from start to end. */
export interface HomePort {
  /** Address it listens on. */
  listenHost: string;
  listener: Pick<HttpListener, 'port' | 'hostNames'>;
  tls: PortTls | null;
}

export interface ReachParts extends Omit<NetworkPortParts, 'lookAgainMs' | 'onVisit'> {
  /** Default: a minute. */
  lookAgainMs?: number;
  /** Asked once the hub listens. */
  home: () => HomePort;
  /** Settings that were given by a flag, the environment or the config file. */
  given: Partial<ReachSettings>;
}

/** Networks change, and so do the machine's addresses; certificates end. */
const LOOK_AGAIN_MS = 60_000;

export class Reach implements AsyncDisposable {
  readonly #parts: ReachParts;
  readonly #networkParts: NetworkPortParts;
  readonly #file: ReachFile;
  /** As the owner chose. */
  #kept: ReachSettings;
  #network: NetworkPort | null = null;
  /** Why the second listener is not open although it should be. */
  #trouble: WatchlineError | null = null;
  /** Listeners that take no more, and whose connections are still to be ended. */
  readonly #retired: NetworkPort[] = [];
  #outward: string | null = null;
  #lastVisit: { address: string; at: number } | null = null;
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(parts: ReachParts) {
    this.#parts = parts;
    this.#networkParts = {
      lookAgainMs: LOOK_AGAIN_MS,
      ...parts,
      onVisit: (address) => (this.#lastVisit = { address, at: Date.now() }),
    };
    this.#file = new ReachFile(parts.dataDir, parts.report);
    this.#kept = this.#file.read();
    parts.outside.set(this.settings.publicUrl, this.settings.trustedProxies);
  }

  /** What was chosen, and above it what was given. */
  get settings(): ReachSettings {
    return { ...this.#kept, ...this.#parts.given };
  }

  get fixed(): (keyof ReachSettings)[] {
    return Object.keys(this.#parts.given) as (keyof ReachSettings)[];
  }

  get network(): NetworkPort | null {
    return this.#network;
  }

  get trouble(): WatchlineError | null {
    return this.#trouble;
  }

  /** The newest connection from another machine by the second listener; null: none since the hub started. */
  get lastVisit(): { address: string; at: number } | null {
    return this.#lastVisit;
  }

  get dataDir(): string {
    return this.#parts.dataDir;
  }

  /** All that links and lines to paste are made from. */
  get standing(): StandingReach {
    const { listenHost, listener, tls } = this.#parts.home();
    return {
      home: { listenHost, port: listener.port, tls },
      network: this.#network && { port: this.#network.port, certificate: this.#network.certificate },
      publicUrl: this.#parts.outside.url?.origin ?? null,
      outward: this.#outward,
      answersTo: (name) => listener.hostNames.has(name) || (this.#network?.answersTo(name) ?? false),
    };
  }

  /** Where links lead to now. To be asked anew for each link: it changes while the hub runs. */
  base(): ReachBase {
    return baseOf(this.standing);
  }

  origins(): string[] {
    return originsOf(this.standing);
  }

  /** Opens what is to be open at start. What stands in the way is reported, and stops nothing. */
  resume(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.settings.network === 'off') return;
      try {
        await this.#reopen(this.settings);
      } catch (error) {
        this.#trouble = error as WatchlineError;
        this.#parts.report(this.#trouble);
      }
    });
  }

  /**
   * Takes effect whole, or not at all. The hub's own listener and its streams are not touched; those of a listener that was replaced live
   * on until `endRetired`, because whoever asked for the change may have come by it. Throws a `WatchlineError`: those of
   * `NetworkPort`, `fixed-by-settings`, `plain-not-accepted`, or a 503
   * `ProblemError` where the change was made but could not be kept.
   */
  change(change: ReachChange): Promise<void> {
    return this.#inTurn(async () => {
      const { acceptsPlain = false, ...wishes } = change;
      const before = this.settings;
      this.#refuseFixed(wishes);
      const wanted = { ...this.#kept, ...chosenOf(wishes, this.fixed) };
      const next = { ...wanted, ...this.#parts.given };
      if (next.network === 'plain' && before.network !== 'plain' && !acceptsPlain) throw plainNotAccepted();
      const { outside } = this.#parts;
      // Before the certificate is made: it may have to be for the public name.
      outside.set(next.publicUrl, next.trustedProxies);
      try {
        await this.#reopen(next);
      } catch (error) {
        outside.set(before.publicUrl, before.trustedProxies);
        throw error;
      }
      this.#network?.lookAgain();
      // A port of 0 was a wish for any: links go on leading to the one that was found.
      if (this.#network !== null && wanted.port === 0) wanted.port = this.#network.port;
      this.#kept = wanted;
      keptOrRefused('The change holds until the hub is started again.', () => this.#file.write(wanted));
    });
  }

  /** Ends all that came by listeners that were replaced, and nothing else. */
  async endRetired(): Promise<void> {
    await Promise.all(this.#retired.splice(0).map((port) => port.close()));
  }

  /** The address towards other networks is asked for anew. */
  async refresh(): Promise<void> {
    this.#outward = await outwardAddress();
  }

  /** Takes no new connections by the second listener. */
  stopListening(): void {
    this.#network?.stopListening();
  }

  /** Waits for streams that came by the second listener: the hub ends them. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lastChange;
    await this.endRetired();
    await this.#network?.[Symbol.asyncDispose]();
  }

  /** Of a listener that changes its port, the old one is closed once the new one stands: nobody is cut off for a port that is busy. */
  async #reopen(next: ReachSettings): Promise<void> {
    const current = this.#network;
    if (current !== null && next.network !== 'off' && !this.#isOther(current, next)) return;
    if (next.network === 'off') return this.#replace(null);
    // Imported only here: most hubs never open it.
    const { NetworkPort } = await import('./network-port.ts');
    const fresh = await NetworkPort.prepare(this.#networkParts, next);
    const stays = current !== null && (next.port === 0 || next.port === current.port);
    const port = stays ? current.port : next.port;
    if (stays) this.#replace(null);
    try {
      await fresh.listen(port);
    } catch (error) {
      if (stays) this.#trouble = error as WatchlineError;
      throw error;
    }
    await this.refresh();
    this.#replace(fresh);
  }

  #replace(fresh: NetworkPort | null): void {
    this.#network?.stopListening();
    if (this.#network !== null) this.#retired.push(this.#network);
    this.#network = fresh;
    this.#trouble = null;
  }

  /** Whether what was asked for cannot be had from the listener that is open. */
  #isOther(current: NetworkPort, next: ReachSettings): boolean {
    const before = this.settings;
    const isSameFiles = JSON.stringify(before.files) === JSON.stringify(next.files);
    return (
      next.network !== before.network ||
      (next.port !== 0 && next.port !== current.port) ||
      (next.network === 'tls' &&
        (next.certificate !== before.certificate || (next.certificate === 'files' && !isSameFiles)))
    );
  }

  #refuseFixed(wishes: Partial<Record<keyof ReachSettings, unknown>>): void {
    const before = this.settings;
    const refused = this.fixed.find(
      (name) => wishes[name] !== undefined && JSON.stringify(wishes[name]) !== JSON.stringify(before[name]),
    );
    if (refused === undefined) return;
    throw new WatchlineError(
      'fixed-by-settings',
      `"${refused}" was given by a flag, the environment or the config file, and stands above what is chosen here.`,
      { remedy: 'Change it there, and start the hub again.' },
    );
  }

  /** One change after the other, in the order they were asked for. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.#lastChange.then(change);
    this.#lastChange = done.catch(() => undefined);
    return done;
  }
}

/** What was given otherwise is not kept as chosen: it goes when it is no longer given. */
function chosenOf(
  wishes: { [Name in keyof ReachSettings]?: ReachSettings[Name] | undefined },
  fixed: readonly string[],
): Partial<ReachSettings> {
  const chosen = Object.entries(wishes).filter(([name, wish]) => wish !== undefined && !fixed.includes(name));
  return Object.fromEntries(chosen);
}

function plainNotAccepted(): WatchlineError {
  return new WatchlineError(
    'plain-not-accepted',
    'Without TLS anybody on the way can read along, and take over what your readers may see.',
    { remedy: 'Choose TLS, or send acceptsPlain: true to say that you know.' },
  );
}
