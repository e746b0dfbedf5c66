/** One port of a hub: its server with its limits, and the connections that came by it. A hub may have several, opened and closed while it runs. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { WatchlineError } from '../../shared/errors.ts';
import type { SecureServer, SecureServerOptions } from '../tls/secure-server.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { plainAddress, type HostNames } from './host-names.ts';

/** What one listener has of its own. */
export interface ListenerWishes {
  /** Names that requests may call the hub by here. */
  hostNames: HostNames;
  /** Makes the server of a TLS port; null: a plain port. */
  secure: ((options: SecureServerOptions, listener: RequestListener) => SecureServer) | null;
  /** Told the address of each connection from another machine. */
  onVisit?: (address: string) => void;
}

export interface HttpListenerOptions extends ListenerWishes {
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  maxConnections: number;
  report: (trouble: Error) => void;
  /** Given each request. */
  take: (request: IncomingMessage, response: ServerResponse, listener: HttpListener) => void;
}

/** Request line and headers together; a cookie and a cursor need far less. */
const MAX_HEADER_BYTES = 16 * 1024;

/** A connection on which nothing moves for this long is closed; streams have rules of their own. */
const IDLE_SOCKET_MS = 60_000;

/** How long an HTTP/2 client has to take the last bytes of a hub that stops. */
const LAST_BYTES_MS = 1_000;

export class HttpListener implements AsyncDisposable {
  /** May be replaced: a machine's names change. */
  hostNames: HostNames;
  readonly isSecure: boolean;
  readonly #report: (trouble: Error) => void;
  readonly #server: Server;
  readonly #secure: SecureServer | null;
  /** Every connection, bare ones included. */
  readonly #sockets = new Set<Socket>();
  /** Resolves when the last connection has ended; null while listening. */
  #closed: Promise<void> | null = null;
  /** Requests whose socket is taken over at the end of this turn's parsing. */
  readonly #taken = new WeakMap<IncomingMessage, (socket: Socket) => void>();
  #port = 0;

  constructor(options: HttpListenerOptions) {
    this.hostNames = options.hostNames;
    this.isSecure = options.secure !== null;
    this.#report = options.report;
    const listener: RequestListener = (request, response) => options.take(request, response, this);
    const limits = limitsOf(options);
    this.#secure = options.secure?.({ ...limits, idleMs: IDLE_SOCKET_MS }, listener) ?? null;
    this.#server = this.#secure?.server ?? createServer(limits, listener);
    // Also for a client that does not read its answer.
    this.#server.setTimeout(IDLE_SOCKET_MS);
    this.#server.maxConnections = options.maxConnections;
    this.#server.on('connection', (socket: Socket) => this.#remember(socket, options.onVisit));
    this.#server.on('upgrade', (request: IncomingMessage, socket: Socket) => this.#handOver(request, socket));
    this.#server.on('clientError', answerBrokenRequest);
  }

  /** Returns the port. Throws `port-in-use` and `address-unusable`. */
  async listen(host: string, port: number): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', reject);
    this.#server.listen({ host, port }, resolve);
    try {
      await promise;
    } catch (cause) {
      throw listenError(host, port, cause as NodeJS.ErrnoException);
    }
    this.#server.removeListener('error', reject);
    this.#server.on('error', (error) => this.#report(error));
    this.#port = (this.#server.address() as { port: number }).port;
    return this.#port;
  }

  /** The port it listens on, or listened on: a connection that is open still brings requests after `stopListening`. */
  get port(): number {
    return this.#port;
  }

  /** Takes no new connections from now on; those that are open live on. */
  stopListening(): void {
    this.#closed ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#secure?.endSessions();
  }

  /** Ends every connection now, streams too. Those of other listeners are not touched. */
  cut(): void {
    this.stopListening();
    this.#secure?.cutSessions();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Waits for bare sockets: whoever took them ends them. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.stopListening();
    this.#server.closeAllConnections();
    // A session that is destroyed drops what its ended streams wrote last.
    await this.#secure?.sessionsEnded(LAST_BYTES_MS);
    this.#secure?.cutSessions();
    await this.#closed;
  }

  /**
   * Node lets go of its parser and of every listener of a socket when a request turns out to be an upgrade, and
   * looks at `request.upgrade` once parsing is over: so a stream's request is declared one, and the bare socket
   * arrives with the 'upgrade' event. Where it does not, because the client sent more requests behind or before
   * this one without waiting, the connection is closed.
   */
  takeSocket(request: IncomingMessage, response: ServerResponse, begin: (socket: Socket) => void): void {
    const { socket } = request;
    if (response.socket !== socket) {
      socket.destroy();
      return;
    }
    Object.assign(request, { upgrade: true });
    this.#taken.set(request, (bareSocket) => {
      response.detachSocket(bareSocket);
      bareSocket.setTimeout(0);
      begin(bareSocket);
    });
    setImmediate(() => {
      if (this.#taken.has(request)) socket.destroy();
    });
  }

  #handOver(request: IncomingMessage, socket: Socket): void {
    const begin = this.#taken.get(request);
    this.#taken.delete(request);
    try {
      if (!begin) throw new Error('A socket was handed over that nobody asked for');
      begin(socket);
    } catch (error) {
      socket.destroy();
      this.#report(error as Error);
    }
  }

  #remember(socket: Socket, onVisit: ListenerWishes['onVisit']): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    const { remoteAddress, localAddress } = socket;
    // Whoever calls its own address comes from it.
    if (remoteAddress !== undefined && remoteAddress !== localAddress) onVisit?.(plainAddress(remoteAddress));
  }
}

function limitsOf({ headersTimeoutMs, requestTimeoutMs }: HttpListenerOptions) {
  return {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(5_000, Math.max(50, headersTimeoutMs / 2)),
    // A client's wish for another protocol is left unheard; see `takeSocket` for what 'upgrade' is used for.
    shouldUpgradeCallback: () => false,
  } satisfies ServerOptions;
}

function listenError(host: string, port: number, cause: NodeJS.ErrnoException): WatchlineError {
  if (cause.code === 'EADDRINUSE') {
    return new WatchlineError('port-in-use', `Port ${port} is already in use on ${host}.`, {
      remedy: `Stop the program that holds it, or choose another port with --port ${port + 1}.`,
      cause,
    });
  }
  return new WatchlineError(
    'address-unusable',
    `The hub cannot listen on ${host}, port ${port}: ${cause.message}.`,
    {
      remedy: 'Choose an address of this machine and a port above 1023 (--port).',
      cause,
    },
  );
}
