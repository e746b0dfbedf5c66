/** The HTTP server: the order in which a request is looked at, and the answer to everything that goes wrong. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import createRouter, { type HTTPMethod } from 'find-my-way';
import { WatchlineError } from '../../shared/errors.ts';
import { authorise, type Access, type Door } from '../access/authorise.ts';
import type { CrossOrigin } from '../access/cross-origin.ts';
import type { SecureServer, SecureServerOptions } from '../tls/secure-server.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { answerJson, type Handler } from './exchange.ts';
import { plainAddress, type HostNames } from './host-names.ts';
import { authorityOf, closeAfterAnswer, http2StreamOf, limitRequestTime } from './http2-request.ts';
import { notFound, ProblemError } from './problem.ts';

export interface Route {
  method: HTTPMethod;
  path: string;
  access: Access;
  handler: Handler;
}

interface Match {
  route: Route;
  params: Record<string, string | undefined>;
}

export interface HttpServerOptions {
  routes: readonly Route[];
  hostNames: HostNames;
  crossOrigin: CrossOrigin;
  door: Door;
  /** Makes the server of a TLS port; null: a plain port. */
  secure: ((options: SecureServerOptions, listener: RequestListener) => SecureServer) | null;
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  maxConnections: number;
  report: (trouble: Error) => void;
}

/** Request line and headers together; a cookie and a cursor need far less. */
const MAX_HEADER_BYTES = 16 * 1024;

/** A connection on which nothing moves for this long is closed; streams have rules of their own. */
const IDLE_SOCKET_MS = 60_000;

export class HttpServer implements AsyncDisposable {
  readonly #options: HttpServerOptions;
  readonly #router = createRouter({ ignoreTrailingSlash: false, caseSensitive: true });
  readonly #server: Server;
  readonly #secure: SecureServer | null;
  /** Resolves when the last connection has ended; null while listening. */
  #closed: Promise<void> | null = null;
  /** Requests whose socket is taken over at the end of this turn's parsing. */
  readonly #taken = new WeakMap<IncomingMessage, (socket: Socket) => void>();

  constructor(options: HttpServerOptions) {
    this.#options = options;
    for (const route of options.routes) this.#router.on(route.method, route.path, neverCalled, route);
    const listener: RequestListener = (request, response) => void this.#take(request, response);
    const limits = limitsOf(options);
    this.#secure = options.secure?.({ ...limits, idleMs: IDLE_SOCKET_MS }, listener) ?? null;
    this.#server = this.#secure?.server ?? createServer(limits, listener);
    // Also for a client that does not read its answer.
    this.#server.setTimeout(IDLE_SOCKET_MS);
    this.#server.maxConnections = options.maxConnections;
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
    this.#server.on('error', (error) => this.#options.report(error));
    return this.port;
  }

  /** The port it listens on. */
  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** Takes no new connections from now on; those that are open live on. */
  stopListening(): void {
    this.#closed ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#secure?.endSessions();
  }

  /** Waits for bare sockets: whoever took them ends them. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.stopListening();
    this.#server.closeAllConnections();
    this.#secure?.cutSessions();
    await this.#closed;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#handle(request, response);
    } catch (error) {
      this.#answerProblem(request, response, error);
    }
  }

  /** The first turn runs up to the handler without a pause: see `Exchange.takeSocket`. */
  #handle(request: IncomingMessage, response: ServerResponse): void | Promise<void> {
    const { socket, headers } = request;
    const { crossOrigin, requestTimeoutMs } = this.#options;
    const host = authorityOf(request);
    this.#options.hostNames.check(host, socket.localAddress);
    const stream = http2StreamOf(request);
    if (stream !== null) limitRequestTime(request, stream, requestTimeoutMs);
    if (crossOrigin.isPreflight(request.method, headers)) return this.#answerPreflight(request, response);
    const { route, params } = this.#find(request);
    // The page's own files are for the page alone.
    const ownHeaders = isPage(route) ? {} : crossOrigin.headersFor(headers);
    for (const [name, value] of Object.entries(ownHeaders)) response.setHeader(name, value);
    const address = plainAddress(socket.remoteAddress ?? '');
    const caller = authorise(this.#options.door, route.access, {
      authorization: headers.authorization,
      cookie: headers.cookie,
      origin: headers.origin,
      secFetchSite: headers['sec-fetch-site'],
      host,
      address,
    });
    const query = new URLSearchParams(request.url!.split('?').slice(1).join('?'));
    const takeSocket = (begin: (taken: Socket | ServerHttp2Stream) => void) =>
      stream === null ? this.#takeSocket(request, response, begin) : begin(stream);
    return route.handler({
      request,
      response,
      query,
      params,
      caller,
      address,
      authority: host!,
      isSecure: this.#options.door.isSecure,
      port: this.port,
      headers: ownHeaders,
      takeSocket,
    });
  }

  /** The page's wildcard takes only what no other route names with another method. */
  #find(request: IncomingMessage): Match {
    // A whole address as the target is for proxies: its host would pass by the allow-list.
    if (!request.url!.startsWith('/')) throw notFound();
    const [pathname] = request.url!.split('?', 1);
    const match = this.#match(request.method as HTTPMethod, pathname!);
    if (match && !isPage(match.route)) return match;
    const methods = this.#methodsAt(pathname!);
    if (methods.length > 0) throw methodNotAllowed(methods);
    if (match) return match;
    throw notFound();
  }

  /** Of every route but the page's. */
  #methodsAt(pathname: string): string[] {
    return [...new Set(this.#options.routes.map(({ method }) => method))].filter((method) => {
      const found = this.#match(method, pathname);
      return found !== null && !isPage(found.route);
    });
  }

  #answerPreflight(request: IncomingMessage, response: ServerResponse): void {
    const methods = this.#methodsAt(request.url!.split('?', 1)[0]!);
    if (methods.length === 0) throw notFound();
    response.writeHead(204, this.#options.crossOrigin.preflightHeaders(request.headers, methods)).end();
  }

  #match(method: HTTPMethod, pathname: string): Match | null {
    const found = this.#router.find(method, pathname);
    return found && { route: found.store as Route, params: found.params };
  }

  /**
   * Node lets go of its parser and of every listener of a socket when a request turns out to be an upgrade, and
   * looks at `request.upgrade` once parsing is over: so a stream's request is declared one, and the bare socket
   * arrives with the 'upgrade' event. Where it does not, because the client sent more requests behind or before
   * this one without waiting, the connection is closed.
   */
  #takeSocket(request: IncomingMessage, response: ServerResponse, begin: (socket: Socket) => void): void {
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
      this.#options.report(error as Error);
    }
  }

  #answerProblem(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const stream = http2StreamOf(request);
    // The client left in the middle of its request: nobody to answer, nothing wrong here.
    if (request.errored || stream?.destroyed) return;
    const problem = error instanceof ProblemError ? error : this.#internal(error as Error);
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    if (stream !== null) {
      if (!request.complete) closeAfterAnswer(response, stream);
      answerJson({ request, response }, problem.toJSON(), problem.status, withoutConnection(problem.headers));
      return;
    }
    // A body that nobody read would be taken for the next request.
    const close = request.complete ? {} : { Connection: 'close' };
    answerJson({ request, response }, problem.toJSON(), problem.status, { ...close, ...problem.headers });
    if (!request.complete) request.resume().once('error', () => undefined);
  }

  #internal(cause: Error): ProblemError {
    this.#options.report(cause);
    return new ProblemError(500, 'internal', 'The hub failed to answer.', {
      cause,
      remedy: 'Try again; the cause is in the output of the hub.',
    });
  }
}

function limitsOf({ headersTimeoutMs, requestTimeoutMs }: HttpServerOptions) {
  return {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(5_000, Math.max(50, headersTimeoutMs / 2)),
    // A client's wish for another protocol is left unheard; see `#takeSocket` for what 'upgrade' is used for.
    shouldUpgradeCallback: () => false,
  } satisfies ServerOptions;
}

/** The page's wildcard, which takes what no other route does. */
function isPage({ path }: Route): boolean {
  return path.includes('*');
}

/** HTTP/2 knows no such header (RFC 9113, 8.2.2). */
function withoutConnection({ Connection: _, ...headers }: Record<string, string>): Record<string, string> {
  return headers;
}

function methodNotAllowed(methods: readonly string[]): ProblemError {
  const allowed = methods.join(', ');
  return new ProblemError(405, 'method-not-allowed', `This address answers to ${allowed} only.`, {
    headers: { Allow: allowed },
  });
}

/** The router only finds: handlers get more than its signature holds. */
function neverCalled(): void {
  throw new Error('Routes are called by HttpServer alone');
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
