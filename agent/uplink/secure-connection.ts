/** The way to a hub with TLS: HTTP/2 where the peer speaks it, else HTTP/1.1, over sockets that were verified. */
import { connect as startSession, type ClientHttp2Session } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { connectVerified } from '../../link/tls/connect-verified.ts';
import { WatchlineError } from '../../shared/errors.ts';
import { postByHttp2 } from './http2-request.ts';
import { openHttp1, type Http1Connection } from './http1-connection.ts';
import {
  CONNECT_TIMEOUT_MS,
  type HubAnswer,
  type HubConnection,
  type HubConnectionOptions,
  type HubRequest,
} from './hub-connection.ts';

type Way = { session: ClientHttp2Session } | { http1: Http1Connection };

export class SecureConnection implements HubConnection {
  readonly #options: HubConnectionOptions;
  readonly #stop = new AbortController();
  /** Shared by requests that start while it is being made; null: the next one makes it. */
  #way: Promise<Way> | null = null;
  #protocol: HubConnection['protocol'] = null;

  constructor(options: HubConnectionOptions) {
    this.#options = options;
  }

  get protocol(): HubConnection['protocol'] {
    return this.#protocol;
  }

  async post(request: HubRequest): Promise<HubAnswer> {
    const way = await (this.#way ??= this.#open());
    return 'session' in way ? postByHttp2(way.session, this.#options.url, request) : way.http1.post(request);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(
      new WatchlineError('closed', 'The connection to the hub was closed.', { isRetryable: true }),
    );
    const way = await this.#way?.catch(() => null);
    if (way && 'session' in way) way.session.destroy();
    if (way && 'http1' in way) await way.http1[Symbol.asyncDispose]();
  }

  async #open(): Promise<Way> {
    try {
      const socket = await this.#connect(['h2', 'http/1.1']);
      const isHttp2 = socket.alpnProtocol === 'h2';
      this.#protocol = isHttp2 ? 'HTTP/2' : 'HTTP/1.1';
      return isHttp2 ? { session: this.#startSession(socket) } : { http1: this.#openHttp1(socket) };
    } catch (error) {
      this.#forgetWay();
      throw error;
    }
  }

  #connect(protocols: readonly string[]): Promise<TLSSocket> {
    const { url, trust } = this.#options;
    const { signal } = this.#stop;
    return connectVerified({ url, trust, protocols, timeoutMs: CONNECT_TIMEOUT_MS, signal });
  }

  #startSession(socket: TLSSocket): ClientHttp2Session {
    const session = startSession(this.#options.url.origin, {
      createConnection: () => socket,
      settings: { enablePush: false },
    });
    // What breaks a session shows in its requests.
    session.on('error', () => undefined);
    // Once, and by whichever comes first: a later connection is not to be forgotten for an earlier one's end.
    let isForgotten = false;
    for (const end of ['goaway', 'close'] as const) {
      session.on(end, () => {
        if (!isForgotten) this.#forgetWay();
        isForgotten = true;
      });
    }
    return session;
  }

  /** The first socket is used, so that finding out which protocol it is costs no second handshake. */
  #openHttp1(first: TLSSocket): Http1Connection {
    let unused: TLSSocket | null = first;
    return openHttp1(this.#options.url, async () => {
      const socket = unused;
      unused = null;
      return socket !== null && !socket.destroyed ? socket : await this.#connect(['http/1.1']);
    });
  }

  #forgetWay(): void {
    this.#way = null;
    this.#protocol = null;
  }
}
