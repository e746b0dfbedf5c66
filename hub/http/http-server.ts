/** The order in which a request is looked at, whichever listener it came by, and the answer to everything that goes wrong. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import createRouter, { type HTTPMethod } from 'find-my-way';
import { ticketParameter } from '../../shared/schema/access.ts';
import { shareHeader, shareParameter } from '../../shared/share-terms.ts';
import { authorise, type Door, type RouteAccess } from '../access/authorise.ts';
import type { CrossOrigin } from '../access/cross-origin.ts';
import type { Audit } from '../audit/audit.ts';
import { refusalOf } from '../audit/refusal.ts';
import { clientOf } from './client-of.ts';
import { answerJson, type Handler } from './exchange.ts';
import { HttpListener, type ListenerWishes } from './http-listener.ts';
import { authorityOf, closeAfterAnswer, http2StreamOf, limitRequestTime } from './http2-request.ts';
import type { OpenRequests } from './open-requests.ts';
import { notFound, ProblemError } from './problem.ts';
import type { PublicSide } from './public-side.ts';

export interface Route extends RouteAccess {
  method: HTTPMethod;
  path: string;
  /** True: a ticket of the query opens it. */
  takesTicket?: true;
  handler: Handler;
}

interface Match {
  route: Route;
  params: Record<string, string | undefined>;
}

export interface HttpServerOptions {
  routes: readonly Route[];
  crossOrigin: CrossOrigin;
  door: Door;
  outside: PublicSide;
  open: OpenRequests;
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  /** Of each listener. */
  maxConnections: number;
  /** Who is not let in. */
  audit: Audit;
  report: (trouble: Error) => void;
}

export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #router = createRouter({ ignoreTrailingSlash: false, caseSensitive: true });

  constructor(options: HttpServerOptions) {
    this.#options = options;
    for (const route of options.routes) this.#router.on(route.method, route.path, neverCalled, route);
  }

  /** Serves the same routes by one more port, once it listens. */
  listener(wishes: ListenerWishes): HttpListener {
    return new HttpListener({
      ...this.#options,
      ...wishes,
      take: (request, response, listener) => void this.#take(request, response, listener),
    });
  }

  async #take(request: IncomingMessage, response: ServerResponse, listener: HttpListener): Promise<void> {
    try {
      await this.#handle(request, response, listener);
    } catch (error) {
      this.#answerProblem(request, response, error);
      this.#recordRefusal(request, listener, error);
    }
  }

  /** The first turn runs up to the handler without a pause: see `Exchange.takeSocket`. */
  #handle(request: IncomingMessage, response: ServerResponse, listener: HttpListener): void | Promise<void> {
    const { headers } = request;
    const { crossOrigin, outside, requestTimeoutMs } = this.#options;
    const { address, authority, isSecure } = clientOf(request, listener.isSecure, outside);
    // Both: a page of a foreign name can write the second header, but never the first.
    for (const name of new Set([authorityOf(request), authority]))
      listener.hostNames.check(name, request.socket.localAddress);
    const stream = http2StreamOf(request);
    if (stream !== null) limitRequestTime(request, stream, requestTimeoutMs);
    if (crossOrigin.isPreflight(request.method, headers)) return this.#answerPreflight(request, response);
    const { route, params } = this.#find(request);
    // The page's own files are for the page alone.
    const ownHeaders = isPage(route) ? {} : crossOrigin.headersFor(headers);
    for (const [name, value] of Object.entries(ownHeaders)) response.setHeader(name, value);
    const query = new URLSearchParams(request.url!.split('?').slice(1).join('?'));
    const caller = authorise(this.#options.door, route, {
      authorization: headers.authorization,
      cookie: headers.cookie,
      share: textOf(headers[shareHeader]) ?? query.get(shareParameter),
      ticket: route.takesTicket ? query.get(ticketParameter) : null,
      origin: headers.origin,
      secFetchSite: headers['sec-fetch-site'],
      host: authority,
      address,
      port: listener.port,
    });
    const leave = caller && this.#options.open.add({ credential: caller.credential, request, response });
    const takeSocket = (begin: (taken: Socket | ServerHttp2Stream) => void) => {
      leave?.();
      if (stream === null) listener.takeSocket(request, response, begin);
      else begin(stream);
    };
    return route.handler({
      request,
      response,
      query,
      params,
      caller,
      address,
      authority: authority!,
      isSecure,
      port: listener.port,
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

  #recordRefusal(request: IncomingMessage, { isSecure }: HttpListener, error: unknown): void {
    if (!(error instanceof ProblemError)) return;
    const { address } = clientOf(request, isSecure, this.#options.outside);
    const refusal = refusalOf(error, request, address);
    if (refusal !== null) this.#options.audit.record(refusal);
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

/** Node joins headers that are sent twice, but for a few. */
function textOf(header: string | string[] | undefined): string | null {
  return typeof header === 'string' ? header : null;
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
