/**
 * One request to a target and its whole answer: a checked address, a verified peer, then the request. Connections stay open between
 * requests. Redirects are not followed: what is sent, secrets with it, goes to the address that was given and to no other.
 */
import { Agent, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { unreachable, unreachableBecause } from '../../link/tls/connect-verified.ts';
import type { Trust } from '../../link/tls/trust.ts';
import { openSocket } from '../upstreams/open-stream.ts';
import type { TargetGuard } from '../upstreams/target-guard.ts';
import { TargetError } from './target-error.ts';

const MAX_HEADER_BYTES = 16 * 1024;
const unzip = promisify(gunzip);

export interface TargetQuestion {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body: Uint8Array | null;
  signal: AbortSignal;
  /** For all of it, from the connection to the last byte. */
  timeoutMs: number;
  /** Of the answer, and of what it is unpacked. */
  maxBytes: number;
}

export interface TargetAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The way to one target. */
export class TargetConnection implements Disposable {
  readonly #url: URL;
  readonly #agent: GuardedAgent;

  constructor(url: URL, trust: Trust, guard: TargetGuard) {
    this.#url = url;
    this.#agent = new GuardedAgent(url, trust, guard);
  }

  /**
   * Throws a `RefusedTargetError`, an `UntrustedError` or a `TargetError` where another try soon is of no use, and other errors where
   * it may be. Every status is an answer, but those that lead elsewhere.
   */
  async ask(question: TargetQuestion): Promise<TargetAnswer> {
    const timeout = AbortSignal.timeout(question.timeoutMs);
    const signal = AbortSignal.any([question.signal, timeout]);
    try {
      const answer = await this.#exchange({ ...question, signal });
      if (answer.status >= 300 && answer.status < 400) throw this.#leadsElsewhere(answer);
      return answer;
    } catch (error) {
      question.signal.throwIfAborted();
      if (timeout.aborted) {
        throw unreachable(this.#url, `does not answer within ${question.timeoutMs / 1000} s`, error);
      }
      const { code } = error as NodeJS.ErrnoException;
      throw error instanceof Error && !('isRetryable' in error) && code !== undefined
        ? unreachableBecause(this.#url, error)
        : error;
    }
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  async #exchange(question: TargetQuestion): Promise<TargetAnswer> {
    const response = await this.#send(question);
    const { statusCode: status = 0, headers } = response;
    const body = await this.#read(response, question.maxBytes);
    if (headers['content-encoding'] !== 'gzip') return { status, headers, body };
    const { maxBytes } = question;
    const plain = await unzip(body, { maxOutputLength: maxBytes }).catch((error: { code?: string }) => {
      throw error.code === 'ERR_BUFFER_TOO_LARGE' ? this.#tooLong(maxBytes) : this.#unreadable();
    });
    return { status, headers, body: plain };
  }

  #send(question: TargetQuestion, isAgain = false): Promise<IncomingMessage> {
    const { method, headers, body, signal } = question;
    return new Promise((resolve, reject) => {
      const asked = request({
        agent: this.#agent,
        method,
        path: this.#url.pathname + this.#url.search,
        maxHeaderSize: MAX_HEADER_BYTES,
        signal,
        headers: {
          host: this.#url.host,
          'user-agent': 'Watchline',
          ...headers,
          ...(body !== null && { 'content-length': body.length }),
        },
      });
      asked.once('response', resolve);
      asked.once('error', (error: NodeJS.ErrnoException) => {
        // The other end closed a connection that was kept open, in the moment it was used again.
        const isStale = asked.reusedSocket && error.code === 'ECONNRESET' && !isAgain;
        if (isStale) resolve(this.#send(question, true));
        else reject(error);
      });
      asked.end(body ?? undefined);
    });
  }

  async #read(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        response.destroy();
        throw this.#tooLong(maxBytes);
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  #tooLong(maxBytes: number): TargetError {
    return new TargetError(
      `${this.#url.origin} answers with more than ${maxBytes} bytes.`,
      'Check the address, or let what answers there tell less.',
      false,
    );
  }

  #unreadable(): TargetError {
    const words = `${this.#url.origin} says that its answer is gzip, and it is not.`;
    return new TargetError(words, 'Check what stands before it.', true);
  }

  #leadsElsewhere({ status, headers }: TargetAnswer): TargetError {
    const next = URL.parse(headers.location ?? '', this.#url.href);
    const where = next === null ? 'elsewhere' : `to ${next.origin}${next.pathname}`;
    return new TargetError(
      `${this.#url.origin} sends this hub ${where} (${status}), and it does not follow.`,
      'If that is the right place, remove this address and add that one.',
      false,
    );
  }
}

/** Connects as upstreams do: where the address leads is checked, and who answers there is verified before anything is written. */
class GuardedAgent extends Agent {
  readonly #open: () => Promise<Duplex>;

  constructor(url: URL, trust: Trust, guard: TargetGuard) {
    super({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1 });
    // Bounded by itself: who waits for it may have given up meanwhile.
    this.#open = () => openSocket({ url, trust, guard, signal: new AbortController().signal });
  }

  override createConnection(
    _: object,
    done: (error: Error | null, socket: Duplex) => void,
  ): Duplex | undefined {
    this.#open().then(
      (socket) => done(null, socket),
      (error: unknown) => done(error as Error, undefined as never),
    );
    return undefined;
  }
}
