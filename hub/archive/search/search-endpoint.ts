/** The addresses of the log archive: searching it, and looking around a line. What callers may see is the same as on their streams. */
import {
  SEARCH_CONTENT_TYPE,
  SEARCH_MS,
  searchProblems,
  type SearchRecordOf,
} from '../../../shared/schema/log-search.ts';
import type { Reader } from '../../access/caller.ts';
import type { Ender, EndReason } from '../../access/endings.ts';
import type { Sight } from '../../access/sight.ts';
import type { HostRegistry } from '../../hosts/host-registry.ts';
import { answerJson, readerOf, type Exchange } from '../../http/exchange.ts';
import { ProblemError } from '../../http/problem.ts';
import { makeView, parseHosts } from '../../stream/view.ts';
import type { LogArchive } from '../log-archive.ts';
import { parseContextQuery, parseSearchQuery } from './search-query.ts';
import type { Onlooker } from '../search-task.ts';
import type { ThreadEnd } from '../work-thread.ts';

export interface SearchEndpointParts {
  /** Null: the hub keeps no lines. */
  archive: LogArchive | null;
  registry: HostRegistry;
}

/** Of all viewers together, and one of each: fewer than there are at a time, so that the owner finds one free. */
const MAX_VIEWER_SEARCHES = 2;
/** What may wait in this process for owners who do not read their answers: about two of the largest size. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

/** A search until all of its answer is with the kernel: its thread is done as soon as it has found all. */
interface OpenSearch {
  credential: string;
  role: Reader['role'];
  response: Exchange['response'];
  ending: AbortController;
}

export class SearchEndpoint implements Ender {
  readonly #parts: SearchEndpointParts;
  readonly #open = new Set<OpenSearch>();

  constructor(parts: SearchEndpointParts) {
    this.#parts = parts;
  }

  /** `GET /api/v1/logs/search` */
  async search(exchange: Exchange): Promise<void> {
    const reader = readerOf(exchange);
    const { hosts, archive } = this.#admit(exchange, reader);
    const query = parseSearchQuery(exchange.query);
    const maxMs = Math.min(SEARCH_MS, (reader.sight.endsAt ?? Infinity) - Date.now());
    const task = { kind: 'search', ...query, ...this.#onlooker(reader.sight), hosts, maxMs } as const;
    const { response } = exchange;
    const onText = (text: string) => {
      if (!response.headersSent) writeHead(exchange);
      // Not as text, which a socket counts in characters.
      response.write(Buffer.from(text));
    };
    const end = await this.#during(exchange, reader, (signal) =>
      archive.run(task, { signal, onText, isWatched: mayHang(query.filter, reader.sight) }),
    );
    if (response.destroyed) return;
    if (end.kind !== 'failed') {
      if (!response.headersSent) writeHead(exchange);
      response.end();
      return;
    }
    const problem = problemOf(end);
    if (!response.headersSent) throw problem;
    const record: SearchRecordOf<'problem'> = { kind: 'problem', ...problem.toJSON() };
    response.end(`${JSON.stringify(record)}\n`);
  }

  /** `GET /api/v1/logs/context` */
  async context(exchange: Exchange): Promise<void> {
    const reader = readerOf(exchange);
    const { archive } = this.#admit(exchange, reader);
    const { around, ...query } = parseContextQuery(exchange.query);
    const task = {
      kind: 'context',
      ...query,
      around: 'host' in around ? { ...around, host: reader.sight.hostKnownAs(around.host) ?? '' } : around,
      ...this.#onlooker(reader.sight),
    } as const;
    const end = await this.#during(exchange, reader, (signal) =>
      archive.run(task, { signal, isWatched: mayHang('', reader.sight) }),
    );
    if (end.kind === 'failed') throw problemOf(end);
    if (end.kind !== 'context') return;
    const { lines, at, hasOlder, hasNewer } = end;
    // Who may not see the line learns no more than whoever asks for one that there never was.
    if (!('host' in around) && at === null) throw problemOf(unknownLine);
    answerJson(exchange, { lines, at, hasOlder, hasNewer });
  }

  /** Searches of a credential that opens nothing any more end where they are. */
  endWhere(fits: (credential: string) => boolean, reason: EndReason): void {
    for (const { credential, ending } of this.#open) if (fits(credential)) ending.abort(reason);
  }

  /** Throws a `ProblemError` where there is nothing to be searched, or nothing for this caller. */
  #admit({ query }: Exchange, { sight }: Reader): { archive: LogArchive; hosts: string[] | null } {
    const { archive } = this.#parts;
    if (archive === null) {
      throw new ProblemError(404, searchProblems.archiveOff, 'This hub keeps no log lines.', {
        remedy: 'Start it with --log-archive-size above 0.',
      });
    }
    const view = makeView(['logs'], parseHosts(query), -1, 0, sight);
    if (view.channels.length === 0) {
      throw new ProblemError(403, 'not-shared', 'Log lines are not part of this share.', {
        remedy: 'Ask its owner for a link that shows them.',
      });
    }
    return { archive, hosts: view.hosts && [...view.hosts] };
  }

  /** Names are looked up here: the thread knows of no hosts. */
  #onlooker(sight: Sight): Onlooker {
    const recipe = sight.recipe?.() ?? null;
    if (recipe?.share.scope.hidesNames) return { sight: recipe, names: {} };
    const named = Array.from(this.#parts.registry.records, ({ host }) => host).filter(({ id }) =>
      sight.holdsHost(id),
    );
    return { sight: recipe, names: Object.fromEntries(named.map(({ id, name }) => [id, name])) };
  }

  /** A viewer who keeps searches busy, as with expressions that never end, keeps them from other viewers at most. */
  #leaveRoom(credential: string): void {
    const viewers = [...this.#open].filter(({ role }) => role === 'viewer');
    const isFull = viewers.length >= MAX_VIEWER_SEARCHES;
    if (!isFull && viewers.every((open) => open.credential !== credential)) return;
    throw busy('Viewers search already, as many at a time as may.');
  }

  #refuseUnread(): void {
    const owners = [...this.#open].filter(({ role }) => role !== 'viewer');
    const unread = owners.reduce((sum, { response }) => sum + response.writableLength, 0);
    if (unread > MAX_UNREAD_BYTES) throw busy('Answers to earlier searches wait to be read.');
  }

  async #during(
    { response }: Exchange,
    { credential, role }: Reader,
    run: (signal: AbortSignal) => Promise<ThreadEnd>,
  ): Promise<ThreadEnd> {
    if (role === 'viewer') this.#leaveRoom(credential);
    if (role !== 'viewer') this.#refuseUnread();
    const ending = new AbortController();
    const leave = () => ending.abort();
    const open = { credential, role, response, ending };
    this.#open.add(open);
    response.once('close', leave).once('close', () => this.#open.delete(open));
    try {
      // The thread may take its time to stop; who searched is told at once.
      return await Promise.race([run(ending.signal), revocationOf(ending.signal)]);
    } finally {
      response.off('close', leave);
    }
  }
}

function busy(message: string): ProblemError {
  return new ProblemError(429, searchProblems.busy, message, {
    remedy: 'Try again in a moment.',
    isRetryable: true,
    headers: { 'Retry-After': '1' },
  });
}

const unknownLine = {
  kind: 'failed',
  code: searchProblems.unknownLine,
  message: 'No line with this id is kept (any more)',
} as const;

/** Resolves when `endWhere` has ended it; never, where the client has left. */
function revocationOf(signal: AbortSignal): Promise<ThreadEnd> {
  const { promise, resolve } = Promise.withResolvers<ThreadEnd>();
  signal.addEventListener('abort', () => {
    const reason: unknown = signal.reason;
    if (reason === 'revoked' || reason === 'expired' || reason === 'rotate') resolve(endedBy(reason));
  });
  return promise;
}

function endedBy(reason: EndReason): ThreadEnd {
  const message =
    reason === 'rotate' ? 'What may be seen has changed' : 'What opened this search opens nothing any more';
  return { kind: 'failed', code: reason, message };
}

const problems: Record<string, { status: number; remedy: string }> = {
  [searchProblems.badFilter]: { status: 400, remedy: 'docs/protocol.md describes the language of filters.' },
  [searchProblems.unknownLine]: { status: 404, remedy: 'Ask by host and time, or search anew.' },
  [searchProblems.slowPattern]: { status: 422, remedy: 'Simplify it, or add words that narrow the search.' },
  revoked: { status: 403, remedy: 'Ask for a new link or token.' },
  expired: { status: 403, remedy: 'Ask for a new link or token.' },
  rotate: { status: 409, remedy: 'Search again.' },
  stopping: { status: 503, remedy: 'Try again when it has started.' },
};

/** Only an expression can take without end, of the caller or of his share: else a silent thread is one of a busy machine. */
function mayHang(filter: string, { recipe }: Sight): boolean {
  return filter.includes('/') || recipe !== null;
}

function problemOf({ code, message }: Extract<ThreadEnd, { kind: 'failed' }>): ProblemError {
  const known = problems[code];
  if (known) return new ProblemError(known.status, code, `${message}.`, { remedy: known.remedy });
  return new ProblemError(500, 'search-failed', `The search failed: ${message}.`, { remedy: 'Try again.' });
}

function writeHead({ response }: Exchange): void {
  response.writeHead(200, {
    'Content-Type': SEARCH_CONTENT_TYPE,
    'Cache-Control': 'no-store, no-transform',
    'X-Content-Type-Options': 'nosniff',
    'X-Accel-Buffering': 'no',
  });
}
