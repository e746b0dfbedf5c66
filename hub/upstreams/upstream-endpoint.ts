/** The addresses of upstreams: looking at one, adding, listing, pausing and removing. */
import { isKeyPin } from '../../link/tls/key-pin.ts';
import { WatchlineError } from '../../shared/errors.ts';
import { upstreamChange, upstreamProbeRequest, upstreamRequest } from '../../shared/schema/servers.ts';
import type { AuditKind } from '../../shared/schema/audit.ts';
import { keptOrRefused } from '../agents/kept-or-refused.ts';
import { actorOf, type Audit } from '../audit/audit.ts';
import { answerJson, type Exchange } from '../http/exchange.ts';
import { readJsonBody } from '../http/json-body.ts';
import { ProblemError } from '../http/problem.ts';
import type { UpstreamEntry } from '../../shared/schema/servers.ts';
import type { Upstreams } from './upstreams.ts';
import { MAX_UPSTREAMS } from './upstreams.ts';
import { parseUpstreamUrl } from './upstream-url.ts';

/** An address and a token, with every character escaped, fit. */
const MAX_BODY_BYTES = 64 * 1024;

export class UpstreamEndpoint {
  readonly #upstreams: Upstreams;
  readonly #audit: Audit;

  constructor(upstreams: Upstreams, audit: Audit) {
    this.#upstreams = upstreams;
    this.#audit = audit;
  }

  list(exchange: Exchange): void {
    answerJson(exchange, { upstreams: this.#upstreams.entries });
  }

  async probe(exchange: Exchange): Promise<void> {
    const { url } = await readJsonBody(exchange.request, upstreamProbeRequest, MAX_BODY_BYTES);
    answerJson(exchange, await asProblem(() => this.#upstreams.probe(url)));
  }

  async add(exchange: Exchange): Promise<void> {
    const request = await readJsonBody(exchange.request, upstreamRequest, MAX_BODY_BYTES);
    const { origin: url, token: shareToken } = await asProblem(async () => {
      const address = parseUpstreamUrl(request.url);
      await this.#upstreams.check(address.origin);
      return address;
    });
    if (shareToken !== null && request.token !== null) throw twoTokens();
    const token = shareToken ?? request.token;
    checkSecrets(url, { ...request, token });
    if (this.#upstreams.hasOrigin(url.origin)) throw known(url.origin);
    if (this.#upstreams.isFull) throw tooMany();
    const entry = keptOrRefused('Nothing was added.', () => this.#upstreams.add(url, { ...request, token }));
    this.#record(exchange, 'upstream-added', entry);
    answerJson(exchange, entry, 201);
  }

  async change(exchange: Exchange): Promise<void> {
    const { paused } = await readJsonBody(exchange.request, upstreamChange, MAX_BODY_BYTES);
    const entry = await kept(() => this.#upstreams.setPaused(idOf(exchange), paused));
    if (entry === null) throw unknownUpstream();
    this.#record(exchange, 'upstream-changed', entry);
    answerJson(exchange, entry satisfies UpstreamEntry);
  }

  async remove(exchange: Exchange): Promise<void> {
    const entry = this.#upstreams.entries.find(({ id }) => id === idOf(exchange));
    if (!entry || !(await kept(() => this.#upstreams.remove(entry.id)))) throw unknownUpstream();
    this.#record(exchange, 'upstream-removed', entry);
    exchange.response.writeHead(204, { 'Cache-Control': 'no-store' }).end();
  }

  #record({ caller, address }: Exchange, kind: AuditKind, { id, origin, state }: UpstreamEntry): void {
    const details = kind === 'upstream-changed' ? { isPaused: state === 'paused' } : {};
    this.#audit.record({ kind, actor: actorOf(caller, address), subject: { id, name: origin }, details });
  }
}

function idOf({ params }: Exchange): string {
  return params['id'] ?? '';
}

/** Writing comes first: what fails there fails before anything has changed. */
async function kept<Value>(change: () => Promise<Value>): Promise<Value> {
  try {
    return await change();
  } catch (error) {
    return keptOrRefused('Nothing was changed.', () => {
      throw error;
    });
  }
}

async function asProblem<Value>(ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof WatchlineError) || error instanceof ProblemError) throw error;
    const { code, message, remedy, isRetryable } = error;
    throw new ProblemError(isRetryable ? 502 : 400, code, message, {
      ...(remedy !== null && { remedy }),
      isRetryable,
      cause: error,
    });
  }
}

function checkSecrets(url: URL, { token, pin }: { token: string | null; pin: string | null }): void {
  if (token !== null && !/^[A-Za-z0-9._~+/=-]+$/.test(token)) {
    throw new ProblemError(400, 'bad-token', 'The token holds characters that no token has.', {
      remedy: 'Copy it again, without quotes or blanks.',
    });
  }
  if (pin === null) return;
  if (!isKeyPin(pin)) {
    throw new ProblemError(400, 'bad-pin', 'The pin is none.', {
      remedy: 'Give "sha256/" and 43 characters, as the probe of the address answers it.',
    });
  }
  if (url.protocol === 'http:') {
    throw new ProblemError(
      400,
      'bad-pin',
      'Over plain HTTP there is no key that a pin could be held against.',
      {
        remedy: 'Give the https address, or leave the pin out.',
      },
    );
  }
}

function twoTokens(): ProblemError {
  return new ProblemError(
    400,
    'bad-token',
    'A share link brings its own token, and another was given beside it.',
    {
      remedy: "Leave the token out, or give the hub's address instead of the link.",
    },
  );
}

function known(origin: string): ProblemError {
  return new ProblemError(409, 'upstream-known', `${origin} is read already.`, {
    remedy: 'Remove it first, to add it with another token or key.',
  });
}

function tooMany(): ProblemError {
  return new ProblemError(
    409,
    'too-many-upstreams',
    `This hub reads ${MAX_UPSTREAMS} others, which is as many as it can.`,
    {
      remedy: 'Remove one first.',
    },
  );
}

function unknownUpstream(): ProblemError {
  return new ProblemError(404, 'unknown-upstream', 'This hub reads no upstream of this id.', {
    remedy: 'GET /api/v1/upstreams lists them.',
  });
}
