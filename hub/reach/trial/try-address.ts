/** Tries an address as a reader's browser would, step by step, and stops at the first that fails. */
import { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, getCACertificates, type TLSSocket } from 'node:tls';
import { paths } from '../../../shared/protocol.ts';
import type { reachSteps } from '../../../shared/schema/reach.ts';
import { problem } from '../../../shared/snapshot.ts';
import { isForbiddenAddress } from '../../upstreams/forbidden-address.ts';
import type { Trial } from './trials.ts';
import { verdicts, type Verdict } from './verdicts.ts';

type Step = (typeof reachSteps)[number];

export interface Tried {
  /** Null: nothing stands in the way. */
  verdict: Verdict | null;
  /** What each step found, in order; the last one failed where there is a verdict. */
  found: { step: Step; words: string }[];
}

export interface TryOptions {
  url: URL;
  trial: Trial;
  /** PEM: trusted besides the authorities of the system and of browsers. */
  ownCertificates: readonly string[];
  /** For each step, in milliseconds. */
  timeoutMs: number;
}

/** Thrown within a try: the step that was under way has failed. */
class Stopped extends Error {
  readonly verdict: Verdict;
  constructor(verdict: Verdict) {
    super(verdict.message);
    this.verdict = verdict;
  }
}

export async function tryAddress(options: TryOptions): Promise<Tried> {
  const found: Tried['found'] = [];
  const { url } = options;
  let socket: Socket | null = null;
  let step: Step = 'name';
  const pass = (words: string, next: Step): void => {
    found.push({ step, words });
    step = next;
  };
  try {
    const address = await resolve(url);
    pass(address, 'connect');
    socket = await connect(options, address);
    pass(`port ${portOf(url)}`, 'certificate');
    if (url.protocol === 'https:') {
      const secure: TLSSocket = await handshake(socket, options);
      socket = secure;
      pass(new X509Certificate(secure.getPeerX509Certificate()!.raw).fingerprint256, 'host');
    } else pass('plain HTTP', 'host');
    const response = await ask(socket, options);
    await refuseAnswer(response, options);
    pass(options.trial.arrival!.authority, 'identity');
    pass('this hub', 'stream');
    await firstEvent(response, options);
    found.push({ step, words: 'unbuffered' });
    return { verdict: null, found };
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    const failed = error.verdict.code === 'not-this-hub' ? 'identity' : step;
    if (failed !== step) pass(url.host, 'identity');
    return { verdict: error.verdict, found: [...found, { step: failed, words: error.verdict.code }] };
  } finally {
    socket?.destroy();
  }
}

async function resolve(url: URL): Promise<string> {
  const name = bare(url.hostname);
  const address = isIP(name) !== 0 ? name : await addressOf(name);
  if (address === null) throw new Stopped(verdicts.nameUnknown(url));
  if (isForbiddenAddress(address)) throw new Stopped(verdicts.forbiddenAddress(url, address));
  return address;
}

async function addressOf(name: string): Promise<string | null> {
  try {
    return (await lookup(name)).address;
  } catch {
    return null;
  }
}

function connect({ url, timeoutMs }: TryOptions, address: string): Promise<Socket> {
  return within(timeoutMs, verdicts.noAnswer(url, address), (passed, stopped) => {
    const socket = connectPlain({ host: address, port: portOf(url) });
    socket.once('connect', () => passed(socket));
    socket.once('error', ({ code = '' }: NodeJS.ErrnoException) => {
      const refusals: Record<string, Verdict> = {
        ECONNREFUSED: verdicts.refused(url, address),
        ETIMEDOUT: verdicts.noAnswer(url, address),
      };
      stopped(refusals[code] ?? verdicts.noRoute(url, address));
    });
    return socket;
  });
}

/** Nothing is sent before the certificate was verified, as a browser does it. */
function handshake(plain: Socket, { url, ownCertificates, timeoutMs }: TryOptions): Promise<TLSSocket> {
  const name = bare(url.hostname);
  return within(timeoutMs, verdicts.broken(url, 'no TLS handshake'), (passed, stopped) => {
    const socket = connectTls({
      socket: plain,
      host: name,
      ...(isIP(name) === 0 && { servername: name }),
      ALPNProtocols: ['http/1.1'],
      // Most are in both lists, and each costs 0.1 ms.
      ca: [...new Set([...getCACertificates('default'), ...getCACertificates('system'), ...ownCertificates])],
      // A certificate that the hub made itself without an authority is trusted as it is.
      allowPartialTrustChain: true,
    });
    socket.once('secureConnect', () => passed(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => stopped(tlsVerdict(url, error)));
    return plain;
  });
}

function tlsVerdict(
  url: URL,
  error: NodeJS.ErrnoException & { cert?: { subjectaltname?: string } },
): Verdict {
  switch (error.code) {
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return verdicts.noTls(url);
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return verdicts.certificateName(url, error.cert?.subjectaltname ?? 'another name');
    case 'CERT_HAS_EXPIRED':
      return verdicts.certificateUntrusted(url, 'it has ended');
    case 'CERT_NOT_YET_VALID':
      return verdicts.certificateUntrusted(url, 'it is not valid yet');
    case 'ECONNRESET':
    case 'EPIPE':
      return verdicts.broken(url, error.code);
    default:
      return /CERT|ISSUER|SIGN/.test(error.code ?? '')
        ? verdicts.certificateUntrusted(url, 'no known authority vouches for it')
        : verdicts.broken(url, error.code ?? error.message);
  }
}

function ask(socket: Socket, { url, trial, timeoutMs }: TryOptions): Promise<IncomingMessage> {
  return within(timeoutMs, verdicts.broken(url, 'no answer in time'), (passed, stopped) => {
    const request = httpRequest({
      createConnection: () => socket,
      path: `${paths.reach}/trials/${trial.name}`,
      headers: { Host: url.host, Accept: 'text/event-stream' },
    });
    request.once('response', passed);
    request.once('error', (error: NodeJS.ErrnoException) =>
      stopped(verdicts.broken(url, error.code ?? error.message)),
    );
    request.end();
    return request;
  });
}

async function refuseAnswer(response: IncomingMessage, options: TryOptions): Promise<void> {
  const { url, trial } = options;
  const status = response.statusCode!;
  const { arrival } = trial;
  if (arrival === null) throw new Stopped(await strangerVerdict(response, options));
  if (status !== 200) throw new Stopped(verdicts.otherServer(url, status));
  if (arrival.authority.toLowerCase() !== url.host)
    throw new Stopped(verdicts.hostChanged(url, arrival.authority));
}

/** The request has not come to this hub's routes: who has answered it? */
async function strangerVerdict(response: IncomingMessage, options: TryOptions): Promise<Verdict> {
  const { url } = options;
  const status = response.statusCode!;
  const { location } = response.headers;
  if (status >= 300 && status < 400 && location !== undefined)
    return verdicts.redirected(url, (URL.parse(location, url.href)?.origin ?? location).slice(0, 200));
  if (status >= 502 && status <= 504) return verdicts.proxyFailed(url, status);
  if (status === 401 || status === 403 || status === 407) return verdicts.proxyAsks(url, status);
  const refusedName =
    status === 421 ? /answer to the name (.*)\.$/.exec(await problemOf(response, options)) : null;
  return refusedName === null
    ? verdicts.otherServer(url, status)
    : verdicts.hostRefused(url, refusedName[1]!);
}

/** The message of a hub's refusal; empty where it is none. */
async function problemOf(response: IncomingMessage, { url, timeoutMs }: TryOptions): Promise<string> {
  const text = await within<string>(
    timeoutMs,
    verdicts.broken(url, 'in the middle of the answer'),
    (passed) => {
      let received = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => (received = (received + chunk).slice(0, 4_096)));
      response.once('close', () => passed(received));
      return response;
    },
  );
  try {
    return problem.parse(JSON.parse(text)).error.message;
  } catch {
    return '';
  }
}

/** The hub has sent it, and sends nothing more: what does not come now waits in somebody's buffer. */
function firstEvent(response: IncomingMessage, { url, timeoutMs }: TryOptions): Promise<void> {
  return within(timeoutMs, verdicts.buffered(url), (passed, stopped) => {
    let text = '';
    response.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.includes('\n\n')) passed();
    });
    response.once('error', () => stopped(verdicts.broken(url, 'in the middle of the answer')));
    response.once('close', () => stopped(verdicts.buffered(url)));
    return response;
  });
}

/** What is given back by `begin` is destroyed where it takes too long. */
function within<Value>(
  timeoutMs: number,
  late: Verdict,
  begin: (passed: (value: Value) => void, stopped: (verdict: Verdict) => void) => { destroy(): unknown },
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      begun.destroy();
      stopped(late);
    }, timeoutMs);
    const stopped = (verdict: Verdict): void => {
      clearTimeout(timer);
      reject(new Stopped(verdict));
    };
    const begun = begin((value) => {
      clearTimeout(timer);
      resolve(value);
    }, stopped);
  });
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
