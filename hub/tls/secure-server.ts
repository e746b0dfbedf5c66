/**
 * One TLS port for HTTP/1.1 and HTTP/2: the client chooses in its handshake (ALPN). HTTP/1.1 is served by node:https,
 * with everything set as on a plain port; a connection that chose HTTP/2 is handed to node:http2. Imported only where a hub has TLS:
 * the three modules take 10 MB.
 */
import type { IncomingMessage, RequestListener, Server, ServerOptions, ServerResponse } from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { limitControlFrames } from './control-frames.ts';
import { beginWithFirstBytes } from './first-bytes.ts';
import type { TlsPair } from './tls-pair.ts';

export interface SecureServerOptions extends ServerOptions {
  maxHeaderSize: number;
  headersTimeout: number;
  /** A connection on which nothing moves for this long is closed, in milliseconds. */
  idleMs: number;
}

export interface SecureServer {
  /** Listens, and serves what comes by HTTP/1.1. */
  readonly server: Server;
  /** New connections get this pair. */
  usePair(pair: TlsPair): void;
  /** Ends HTTP/2 sessions: those without open streams now, the others with their last one. */
  endSessions(): void;
  /** Resolves when every session has written its last bytes and is over, or after `withinMs`. */
  sessionsEnded(withinMs: number): Promise<void>;
  /** Ends what `endSessions` left. */
  cutSessions(): void;
}

/** Idle connections are probed from this time on. */
const KEEP_ALIVE_MS = 10_000;

export function createSecureServer(
  pair: TlsPair,
  options: SecureServerOptions,
  listener: RequestListener,
): SecureServer {
  const server = createHttpsServer(
    {
      ...options,
      ...contextOf(pair),
      ALPNProtocols: ['h2', 'http/1.1'],
      handshakeTimeout: options.headersTimeout,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    },
    listener,
  );
  const http2 = createHttp2(options, listener);
  const sessions = new Set<ServerHttp2Session>();
  http2.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    limitControlFrames(session);
  });
  beginWithFirstBytes(server, options.headersTimeout);
  handOverByProtocol(server, http2);
  // Node would let an answer be written into a handshake that failed: plain HTTP, a scanner, a foreign protocol.
  server.removeAllListeners('tlsClientError');
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return {
    server,
    usePair: (next) => server.setSecureContext(contextOf(next)),
    endSessions: () => {
      for (const session of sessions) session.close();
    },
    sessionsEnded: async (withinMs) => {
      const ended = [...sessions].map((session) => new Promise((resolve) => session.once('close', resolve)));
      const deadline = new AbortController();
      const late = sleep(withinMs, undefined, { ref: false, signal: deadline.signal }).catch(() => undefined);
      await Promise.race([Promise.all(ended), late]);
      deadline.abort();
    },
    cutSessions: () => {
      for (const session of sessions) session.destroy();
    },
  };
}

function contextOf({ certificate, key }: TlsPair) {
  return {
    cert: certificate,
    key: key.export({ type: 'pkcs8', format: 'pem' }),
    minVersion: 'TLSv1.2' as const,
  };
}

/** What node:https does with a connection is kept for HTTP/1.1, and for clients that choose nothing. */
function handOverByProtocol(server: HttpsServer, http2: Http2Server): void {
  const serveHttp1 = server.listeners('secureConnection') as ((socket: TLSSocket) => void)[];
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket) => {
    if (socket.alpnProtocol === 'h2') http2.emit('connection', socket);
    else for (const serve of serveHttp1) serve.call(server, socket);
  });
}

/**
 * Bounds of one session. What is not set here is bounded by Node and nghttp2: 10 MB of memory a session
 * (`maxSessionMemory`), 10 unanswered pings, 32 settings a frame, 8 CONTINUATION frames a head, 1,000 control frames that wait to be
 * answered. How many may come in a time: `limitControlFrames`.
 */
function createHttp2(options: SecureServerOptions, listener: RequestListener): Http2Server {
  const server = createHttp2Server({
    settings: {
      // A browser opens a stream per tab; tools that hold hundreds take further connections.
      maxConcurrentStreams: 128,
      maxHeaderListSize: options.maxHeaderSize,
      enablePush: false,
    },
    maxHeaderListPairs: 64,
    // Frames that break the protocol, and streams that are refused, before the session ends.
    maxSessionInvalidFrames: 32,
    maxSessionRejectedStreams: 32,
    // Rapid reset (CVE-2023-44487): streams a client may reset at once, and then in a second.
    streamResetBurst: 200,
    streamResetRate: 20,
  });
  server.setTimeout(options.idleMs);
  // node:http2's compatibility layer: its requests and responses are used as those of node:http.
  server.on('request', (request: Http2ServerRequest, response: Http2ServerResponse) =>
    listener(
      request as unknown as IncomingMessage,
      response as unknown as ServerResponse & { req: IncomingMessage },
    ),
  );
  // A session's fault ends that session; there is nobody to tell.
  server.on('sessionError', () => undefined);
  return server;
}
