/** The second listener, "This network": opened and closed while the hub runs. */
import type { WatchlineError } from '../../shared/errors.ts';
import type { ReachSettings } from '../../shared/schema/reach.ts';
import type { HttpListener, ListenerWishes } from '../http/http-listener.ts';
import { HostNames } from '../http/host-names.ts';
import type { PublicSide } from '../http/public-side.ts';
import type { createSecureServer, SecureServer } from '../tls/secure-server.ts';
import { machineNames } from './machine-names.ts';
import type { ShownCertificate } from './network-certificate.ts';
import { portProblem, wantedPorts } from './port-problems.ts';

export interface NetworkPortParts {
  dataDir: string;
  outside: PublicSide;
  /** Names the owner gave the hub besides the machine's own. */
  furtherNames: readonly string[];
  /** Time between two looks at the certificate, in milliseconds. */
  lookAgainMs: number;
  /** Makes a listener of the hub's routes. */
  listener: (options: ListenerWishes) => HttpListener;
  /** Told of each connection from another machine. */
  onVisit: (address: string) => void;
  report: (trouble: Error) => void;
}

export class NetworkPort implements AsyncDisposable {
  readonly #parts: NetworkPortParts;
  /** Null: plain HTTP. */
  readonly #tls: NetworkTls | null;
  #certificate: ShownCertificate | null;
  #secure: SecureServer | null = null;
  #listener: HttpListener;
  #timer: NodeJS.Timeout | null = null;
  #reported = '';

  private constructor(parts: NetworkPortParts, tls: NetworkTls | null) {
    this.#parts = parts;
    this.#tls = tls;
    this.#certificate = tls?.read() ?? null;
    this.#listener = this.#newListener();
  }

  /** Ready to listen. Throws a `WatchlineError` `certificate-unusable`, or what writing a certificate throws. */
  static async prepare(parts: NetworkPortParts, settings: ReachSettings): Promise<NetworkPort> {
    return new NetworkPort(parts, settings.network === 'tls' ? await loadTls(parts, settings) : null);
  }

  /** Port 0: a free one. Throws a `WatchlineError`: `port-in-use`, `port-not-allowed` or `address-unusable`. */
  async listen(wanted: number): Promise<void> {
    const tried = wanted === 0 ? [...wantedPorts, 0] : [wanted];
    for (const [index, port] of tried.entries()) {
      try {
        await this.#listenOn(port);
        break;
      } catch (error) {
        const problem = portProblem(port, error as WatchlineError);
        if (problem.code !== 'port-in-use' || index === tried.length - 1) throw problem;
        this.#listener = this.#newListener();
      }
    }
    this.#timer = setInterval(() => this.lookAgain(), this.#parts.lookAgainMs);
  }

  get port(): number {
    return this.#listener.port;
  }

  /** Null: plain HTTP. */
  get certificate(): ShownCertificate | null {
    return this.#certificate;
  }

  /** Whether requests may call the hub so here. */
  answersTo(name: string): boolean {
    return this.#listener.hostNames.has(name);
  }

  /** Takes a new certificate into use where there is one. One that cannot be used is reported once, and the old one stays. */
  lookAgain(): void {
    this.#listener.hostNames = this.#hostNames();
    if (this.#tls === null) return;
    try {
      const next = this.#tls.read();
      if (next.pair.fingerprint !== this.#certificate?.pair.fingerprint) this.#secure?.usePair(next.pair);
      this.#certificate = next;
      this.#reported = '';
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.#reported) this.#parts.report(error as Error);
      this.#reported = message;
    }
  }

  stopListening(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#listener.stopListening();
  }

  /** Ends all that came by this listener, and nothing else. */
  async close(): Promise<void> {
    this.stopListening();
    this.#listener.cut();
    await this.#listener[Symbol.asyncDispose]();
  }

  /** Waits for streams: the hub ends them. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.stopListening();
    await this.#listener[Symbol.asyncDispose]();
  }

  /** All addresses of both families; of the one, where the system has no other. */
  async #listenOn(port: number): Promise<void> {
    try {
      await this.#listener.listen('::', port);
    } catch (error) {
      const { code } = (error as WatchlineError).cause as NodeJS.ErrnoException;
      if (code !== 'EAFNOSUPPORT' && code !== 'EADDRNOTAVAIL') throw error;
      this.#listener = this.#newListener();
      await this.#listener.listen('0.0.0.0', port);
    }
  }

  #newListener(): HttpListener {
    const [tls, certificate] = [this.#tls, this.#certificate];
    return this.#parts.listener({
      hostNames: this.#hostNames(),
      onVisit: this.#parts.onVisit,
      secure: tls && ((options, take) => (this.#secure = tls.createServer(certificate!.pair, options, take))),
    });
  }

  #hostNames(): HostNames {
    const certified = this.#certificate?.pair.dnsNames ?? [];
    return new HostNames(
      [...machineNames().names, ...this.#parts.furtherNames, ...certified],
      this.#parts.outside,
    );
  }
}

interface NetworkTls {
  createServer: typeof createSecureServer;
  read: () => ShownCertificate;
}

/** Imported only here: TLS and HTTP/2 take 10 MB. */
async function loadTls(parts: NetworkPortParts, settings: ReachSettings): Promise<NetworkTls> {
  const [{ createSecureServer: createServer }, { certificateFor }] = await Promise.all([
    import('../tls/secure-server.ts'),
    import('./network-certificate.ts'),
  ]);
  return {
    createServer,
    read: () => certificateFor(settings, { ...parts, furtherNames: namesOf(parts, settings) }),
  };
}

/** The name of the public address is the listener's own where no proxy stands in between: then it has the same port. */
function namesOf({ furtherNames, outside }: NetworkPortParts, { port }: ReachSettings): string[] {
  const { url } = outside;
  const isDirect = url !== null && Number(url.port || 443) === port;
  return isDirect ? [...furtherNames, url.hostname] : [...furtherNames];
}
