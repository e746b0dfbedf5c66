/** A hub for agents that answers as a test says: its misbehaviours have names. */
import { once } from 'node:events';
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { zstdDecompressSync } from 'node:zlib';
import { BatchDictionary } from '../../link/batches/batch-dictionary.ts';
import { dictionaryHeader, type BatchHead, type UplinkRecord } from '../../shared/schema/uplink.ts';
import { pinOf, type TlsIdentity } from './tls-listener.ts';

export interface ReceivedBatch {
  head: BatchHead;
  records: UplinkRecord[];
  headers: IncomingMessage['headers'];
  /** As it came. */
  bytes: number;
  /** By `performance.now()`. */
  at: number;
}

export interface ScriptedAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** A string is sent as it is, anything else as JSON. */
  body?: unknown;
}

/** `null`: never answered. */
export type Script = (
  batch: ReceivedBatch,
  index: number,
) => ScriptedAnswer | null | Promise<ScriptedAnswer | null>;

export interface ScriptedUplinkHub extends AsyncDisposable {
  readonly url: URL;
  readonly pin: string;
  readonly batches: readonly ReceivedBatch[];
  /** Of the batches that were answered with 200. */
  readonly taken: readonly ReceivedBatch[];
  /** Requests that were no batches. */
  readonly others: readonly { path: string; body: string }[];
  readonly connections: number;
  /** Batches that were sent back for their dictionary. */
  readonly unknownDictionaries: number;
  forgetDictionary(): void;
  script: Script;
}

export interface ScriptedUplinkHubOptions {
  /** Default: plain HTTP. */
  tls?: TlsIdentity;
  /** Default 0: any free one. */
  port?: number;
  /** False: HTTP/1.1 alone. */
  http2?: boolean;
}

export const takes: Script = () => ({});
export const answersHtml: Script = () => ({
  headers: { 'content-type': 'text/html' },
  body: '<h1>Welcome</h1>',
});
export const redirects: Script = () => ({
  status: 302,
  headers: { location: 'http://portal.example/login?from=hub', 'content-type': 'text/html' },
  body: 'Moved',
});
export const neverAnswers: Script = () => null;
export const answersEndlessly: Script = () => ({ body: 'x'.repeat(3 * 1024 * 1024) });

export function refuses(status: number, code: string, headers: Record<string, string> = {}): Script {
  return () => ({
    status,
    headers,
    body: { error: { code, message: `It is ${code}.`, remedy: 'Mend it.' } },
  });
}

/** Takes no batch with more records than this. */
export function takesAtMost(records: number): Script {
  return (batch) => (batch.records.length <= records ? {} : { status: 413, body: 'Too large' });
}

export async function startScriptedUplinkHub(
  script: Script = takes,
  options: ScriptedUplinkHubOptions = {},
): Promise<ScriptedUplinkHub> {
  const { tls, port = 0, http2 = true } = options;
  const batches: ReceivedBatch[] = [];
  const taken: ReceivedBatch[] = [];
  const others: { path: string; body: string }[] = [];
  const dictionary = new BatchDictionary();
  const sockets = new Set<Socket>();
  let connections = 0;
  let unknownDictionaries = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (request.url !== '/api/v1/ingest') {
      others.push({ path: request.url!, body: body.toString() });
      respond(response, await hub.script(undefined!, others.length - 1));
      return;
    }
    const name = request.headers[dictionaryHeader];
    const known = name !== undefined && dictionary.current?.name === name ? dictionary.current.bytes : null;
    if (name !== undefined && known === null) {
      unknownDictionaries++;
      respond(response, {
        status: 409,
        body: { error: { code: 'unknown-dictionary', message: 'Not known.', remedy: null } },
      });
      return;
    }
    const lines = splitLines(zstdDecompressSync(body, known === null ? {} : { dictionary: known }));
    const [head, ...records] = lines.map((line) => JSON.parse(line.toString()) as unknown) as [
      BatchHead,
      ...UplinkRecord[],
    ];
    const batch = { head, records, headers: request.headers, bytes: body.length, at: performance.now() };
    batches.push(batch);
    const answer = await hub.script(batch, batches.length - 1);
    if (answer !== null && (answer.status ?? 200) === 200 && answer.body === undefined) {
      taken.push(batch);
      if (head.kind === 'live') dictionary.learn(lines.slice(1), known === null);
    }
    respond(response, answer);
  }

  const listener = (request: unknown, response: unknown): void => {
    // A client that leaves in mid-request is no fault of this server.
    serve(request as IncomingMessage, response as ServerResponse).catch(() => undefined);
  };
  const server =
    tls === undefined
      ? createPlainServer(listener)
      : createSecureServer(
          {
            cert: tls.certificate,
            key: tls.key.export({ type: 'pkcs8', format: 'pem' }),
            allowHTTP1: true,
            ...(http2 ? {} : { ALPNProtocols: ['http/1.1'] }),
          },
          listener,
        );
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const scheme = tls === undefined ? 'http' : 'https';
  const hub: ScriptedUplinkHub = {
    url: new URL(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`),
    pin: tls === undefined ? '' : pinOf(tls),
    batches,
    taken,
    others,
    script,
    forgetDictionary: () => dictionary.forget(),
    get unknownDictionaries() {
      return unknownDictionaries;
    },
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return hub;
}

function respond(response: ServerResponse, answer: ScriptedAnswer | null): void {
  if (answer === null) return;
  const {
    status = 200,
    headers = {},
    body = { serverTime: Date.now(), refused: [], paused: false },
  } = answer;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function splitLines(text: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from);
    lines.push(text.subarray(from, end));
    from = end + 1;
  }
  return lines;
}
