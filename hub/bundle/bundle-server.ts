/**
 * What `watchline open` serves: the dashboard's page and one file, on this machine alone. The page reads the file itself, so there is
 * nothing behind it that could be asked for anything else.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BUNDLE_CONTENT_TYPE, BUNDLE_FILE_PATH } from '../../shared/bundle/bundle-record.ts';
import { hashesEqual, hashOf, newSecret } from '../access/secret.ts';
import { answer, answerJson } from '../http/exchange.ts';
import { HostNames } from '../http/host-names.ts';
import { HttpListener } from '../http/http-listener.ts';
import { PageFiles } from '../http/page-files.ts';
import { notFound, ProblemError } from '../http/problem.ts';

export interface BundleServerOptions {
  /** The file as it was read and checked. */
  file: Buffer;
  /** Folder of the built page. */
  pageDir: string;
  /** 0: any free one. */
  port: number;
  report: (trouble: Error) => void;
}

export interface BundleServer extends AsyncDisposable {
  readonly port: number;
  /** The page's address, with the key that opens the file. Other users of this machine reach the port, and do not have the key. */
  readonly url: string;
}

const HOST = '127.0.0.1';
/** Where the page of a bundle begins: renderer/bundle/bundle-page.ts. */
const PAGE = '/bundle/';
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** One browser, and some to spare. */
const MAX_CONNECTIONS = 64;

/** Throws `port-in-use`, `address-unusable`, `page-missing`. */
export async function serveBundle({
  file,
  pageDir,
  port,
  report,
}: BundleServerOptions): Promise<BundleServer> {
  await using opened = new AsyncDisposableStack();
  const key = newSecret();
  const keyHash = hashOf(key);
  const pages = new PageFiles(pageDir);
  const listener = opened.use(
    new HttpListener({
      hostNames: new HostNames([], { isCalled: () => false }),
      secure: null,
      headersTimeoutMs: HEADERS_TIMEOUT_MS,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      maxConnections: MAX_CONNECTIONS,
      report,
      take: (request, response, { hostNames }) =>
        void take(request, response, hostNames).catch((error: unknown) => refuse(request, response, error)),
    }),
  );
  const taken = await listener.listen(HOST, port);
  const closing = opened.move();
  return {
    port: taken,
    url: `http://${HOST}:${taken}${PAGE}#key=${key}`,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };

  async function take(request: IncomingMessage, response: ServerResponse, names: HostNames): Promise<void> {
    names.check(request.headers.host, request.socket.localAddress);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new ProblemError(405, 'method-not-allowed', 'A bundle is only read.', {
        headers: { Allow: 'GET, HEAD' },
      });
    const [pathname] = request.url!.split('?', 1);
    if (pathname === BUNDLE_FILE_PATH) {
      checkKey(request);
      answer({ request, response }, 200, BUNDLE_CONTENT_TYPE, file);
      return;
    }
    if (pathname === '/') {
      response.writeHead(302, { Location: PAGE, 'Cache-Control': 'no-store' }).end();
      return;
    }
    if (pathname!.startsWith('/api/')) throw notFound();
    await pages.answer({ request, response });
  }

  function checkKey({ headers }: IncomingMessage): void {
    const given = /^Bearer ([\w-]{1,128})$/.exec(headers.authorization ?? '')?.[1] ?? '';
    if (hashesEqual(hashOf(given), keyHash)) return;
    throw new ProblemError(401, 'unauthorised', 'This file opens with the address that was printed.', {
      remedy: 'Open that address again.',
    });
  }

  function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    if (!(error instanceof ProblemError)) report(error as Error);
    const problem =
      error instanceof ProblemError
        ? error
        : new ProblemError(500, 'internal', 'The page could not be served.');
    // A body that nobody read would be taken for the next request.
    const close = request.complete ? {} : { Connection: 'close' };
    answerJson({ request, response }, problem.toJSON(), problem.status, { ...close, ...problem.headers });
  }
}
