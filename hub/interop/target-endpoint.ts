/** The addresses of the targets of one kind: adding, listing, pausing and removing. */
import { isKeyPin } from '../../link/tls/key-pin.ts';
import { WatchlineError } from '../../shared/errors.ts';
import type { AuditKind } from '../../shared/schema/audit.ts';
import { targetChange } from '../../shared/schema/interop.ts';
import { keptOrRefused } from '../agents/kept-or-refused.ts';
import { actorOf, type Audit } from '../audit/audit.ts';
import { answerJson, type Exchange } from '../http/exchange.ts';
import { readJsonBody, type BodySchema } from '../http/json-body.ts';
import { ProblemError } from '../http/problem.ts';
import type { TargetGuard } from '../upstreams/target-guard.ts';
import { MAX_TARGETS, type TargetList } from './target-list.ts';
import type { KeptTarget } from './target.ts';

/** Address, secret and labels, with every character escaped, fit. */
const MAX_BODY_BYTES = 64 * 1024;

export interface TargetKind<Request, Kept> {
  /** Of the answer's list, and of the audit's entries: "exporters", "exporter". */
  listName: string;
  auditName: 'exporter' | 'remote-write';
  schema: BodySchema<Request>;
  /** Throws a `ProblemError` where the request makes no sense. */
  wantedOf: (request: Request) => Omit<Kept, 'id' | 'paused'>;
}

interface TargetEndpointParts<Request, Kept extends KeptTarget, Entry> {
  kind: TargetKind<Request, Kept>;
  targets: TargetList<Kept, Entry>;
  guard: TargetGuard;
  audit: Audit;
}

export class TargetEndpoint<Request, Kept extends KeptTarget, Entry extends { id: string; url: string }> {
  readonly #parts: TargetEndpointParts<Request, Kept, Entry>;

  constructor(parts: TargetEndpointParts<Request, Kept, Entry>) {
    this.#parts = parts;
  }

  list(exchange: Exchange): void {
    answerJson(exchange, { [this.#parts.kind.listName]: this.#parts.targets.entries });
  }

  async add(exchange: Exchange): Promise<void> {
    const { kind, targets } = this.#parts;
    const wanted = kind.wantedOf(await readJsonBody(exchange.request, kind.schema, MAX_BODY_BYTES));
    checkSecrets(wanted);
    await this.#checkAddress(new URL(wanted.url));
    if (targets.has(wanted.url)) throw known(wanted.url);
    if (targets.isFull) throw tooMany();
    const entry = keptOrRefused('Nothing was added.', () => targets.add(wanted));
    this.#record(exchange, 'added', entry);
    answerJson(exchange, entry, 201);
  }

  async change(exchange: Exchange): Promise<void> {
    const { paused } = await readJsonBody(exchange.request, targetChange, MAX_BODY_BYTES);
    const entry = await this.#kept(() => this.#parts.targets.setPaused(idOf(exchange), paused));
    if (entry === null) throw unknownTarget();
    this.#record(exchange, 'changed', entry, { isPaused: paused });
    answerJson(exchange, entry);
  }

  async remove(exchange: Exchange): Promise<void> {
    const { targets } = this.#parts;
    const found = targets.find(idOf(exchange));
    if (found === null || !(await this.#kept(() => targets.remove(found.kept.id)))) throw unknownTarget();
    this.#record(exchange, 'removed', found.entry);
    exchange.response.writeHead(204, { 'Cache-Control': 'no-store' }).end();
  }

  /** A name that cannot be resolved may be later. */
  async #checkAddress(url: URL): Promise<void> {
    await this.#parts.guard.addressOf(url).catch((error: unknown) => {
      if (!(error instanceof WatchlineError)) throw error;
      const { code, message, remedy } = error;
      if (code === 'unreachable') return;
      throw new ProblemError(400, code, message, { ...(remedy !== null && { remedy }), cause: error });
    });
  }

  /** Writing comes first: what fails there fails before anything has changed. */
  async #kept<Value>(change: () => Promise<Value>): Promise<Value> {
    return await change().catch((error: unknown) =>
      keptOrRefused('Nothing was changed.', () => {
        throw error;
      }),
    );
  }

  #record(
    { caller, address }: Exchange,
    what: 'added' | 'changed' | 'removed',
    { id, url }: Entry,
    details = {},
  ): void {
    const kind: AuditKind = `${this.#parts.kind.auditName}-${what}`;
    const subject = { id, name: url.slice(0, 255) };
    this.#parts.audit.record({ kind, actor: actorOf(caller, address), subject, details });
  }
}

function idOf({ params }: Exchange): string {
  return params['id'] ?? '';
}

function checkSecrets({ url, user, secret, pin }: Pick<KeptTarget, 'url' | 'user' | 'secret' | 'pin'>): void {
  if (user !== null && (secret === null || /[:\p{Cc}]/u.test(user))) {
    throw new ProblemError(
      400,
      'bad-secret',
      'The user has no password, or holds characters that no user has.',
      {
        remedy: 'Give both, or a bearer token as the secret alone.',
      },
    );
  }
  if (secret !== null && /\p{Cc}/u.test(secret)) {
    throw new ProblemError(400, 'bad-secret', 'The secret holds characters that no secret has.', {
      remedy: 'Copy it again, without line ends.',
    });
  }
  if (pin === null) return;
  if (!isKeyPin(pin) || url.startsWith('http:')) {
    throw new ProblemError(400, 'bad-pin', 'The pin is none, or there is no key at this address.', {
      remedy: 'Give "sha256/" and 43 characters, and an https address; or leave it out.',
    });
  }
}

function known(url: string): ProblemError {
  return new ProblemError(409, 'target-known', `${url} is in the list already.`, {
    remedy: 'Remove it first, to add it with another secret or key.',
  });
}

function tooMany(): ProblemError {
  return new ProblemError(
    409,
    'too-many-targets',
    `There are ${MAX_TARGETS} of them, which is as many as may be.`,
    {
      remedy: 'Remove one first.',
    },
  );
}

function unknownTarget(): ProblemError {
  return new ProblemError(404, 'unknown-target', 'There is none of this id.', {
    remedy: 'The same address without the id lists them.',
  });
}
