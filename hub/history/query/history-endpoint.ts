/** The addresses of the history. What callers may see is the same as on their streams. */
import { historyProblems, MAX_HISTORY_HOSTS, type HistoryRecord } from '../../../shared/schema/history.ts';
import type { Channel } from '../../../shared/event-rules.ts';
import type { Reader } from '../../access/caller.ts';
import type { Ender, EndReason } from '../../access/endings.ts';
import type { Sight } from '../../access/sight.ts';
import type { HostRegistry } from '../../hosts/host-registry.ts';
import { answerJson, readerOf, type Exchange } from '../../http/exchange.ts';
import { ProblemError } from '../../http/problem.ts';
import type { Compression } from '../../stream/accept-encoding.ts';
import { channelBit } from '../../stream/channel-bit.ts';
import { badParameter } from '../../http/parameters.ts';
import { makeView } from '../../stream/view.ts';
import type { Chronicle } from '../chronicle/chronicle.ts';
import type { HistoryReader } from '../store/history-reader.ts';
import { AnswerWriter } from './answer-writer.ts';
import { HistoryAnswer, type AskedHost } from './history-answer.ts';
import {
  parseChangesQuery,
  parseHistoryQuery,
  parseProcessesQuery,
  type HostQuery,
} from './history-query.ts';
import { KeptSince } from './kept-since.ts';
import { OpenAnswers, tookTooLong } from './open-answers.ts';
import { pastChangesOf } from './past-changes.ts';
import { pastProcessesOf } from './past-processes.ts';

export interface HistoryEndpointParts {
  /** Null: the hub keeps no history. */
  kept: { reader: HistoryReader; chronicle: Pick<Chronicle, 'read'> } | null;
  registry: HostRegistry;
  compression: Compression;
}

/** Of hosts that are not known any more, in milliseconds. */
const USUAL_INTERVAL_MS = 1_000;

export class HistoryEndpoint implements Ender {
  readonly #parts: HistoryEndpointParts;
  readonly #open = new OpenAnswers();
  readonly #keptSince: KeptSince | null;

  constructor(parts: HistoryEndpointParts) {
    this.#parts = parts;
    this.#keptSince = parts.kept && new KeptSince(parts.kept.reader);
  }

  /** `GET /api/v1/history` */
  async series(exchange: Exchange): Promise<void> {
    const caller = readerOf(exchange);
    const { reader, chronicle, keptSince } = this.#admit(caller, 'metrics');
    const query = parseHistoryQuery(exchange.query);
    const hosts = this.#hostsOf(query.hosts, caller.sight);
    const writer = new AnswerWriter(exchange, this.#parts.compression);
    await this.#open.during(exchange.response, caller, async (signal) => {
      const tell = (record: HistoryRecord) => writer.write(record, signal);
      const entries = await chronicle.read();
      const { sight } = caller;
      const answer = new HistoryAnswer({ reader, keptSince, entries, sight, query, hosts, tell, signal });
      try {
        await answer.tell();
        writer.end();
      } catch (error) {
        if (exchange.response.destroyed) return;
        const problem = problemOf(error, signal);
        if (!writer.hasBegun) throw problem;
        const isLate = signal.reason === tookTooLong;
        writer.end(isLate ? answer.end('time') : { kind: 'problem', ...problem.toJSON() });
      }
    });
  }

  /** `GET /api/v1/history/processes` */
  async processes(exchange: Exchange): Promise<void> {
    await this.#answerOfHost(exchange, 'processes', parseProcessesQuery(exchange.query), pastProcessesOf);
  }

  /** `GET /api/v1/history/changes` */
  async changes(exchange: Exchange): Promise<void> {
    await this.#answerOfHost(exchange, 'metrics', parseChangesQuery(exchange.query), pastChangesOf);
  }

  endWhere(fits: (credential: string) => boolean, reason: EndReason): void {
    this.#open.endWhere(fits, reason);
  }

  async #answerOfHost(
    exchange: Exchange,
    channel: Channel,
    query: HostQuery,
    answerOf: (parts: HostParts) => Promise<unknown>,
  ): Promise<void> {
    const caller = readerOf(exchange);
    const { reader, keptSince } = this.#admit(caller, channel);
    const { sight } = caller;
    const [asked] = this.#hostsOf([query.host], sight);
    if (asked === undefined) throw unknownHost(query.host);
    await this.#open.during(exchange.response, caller, async (signal) => {
      try {
        const isKept = (await keptSince.of(asked.id, signal)) !== null;
        if (!isKept && this.#parts.registry.recordOf(asked.id) === null) throw unknownHost(query.host);
        answerJson(exchange, await answerOf({ ...query, reader, keptSince, sight, host: asked.id, signal }));
      } catch (error) {
        if (!exchange.response.destroyed) throw problemOf(error, signal);
      }
    });
  }

  /** Throws a `ProblemError` where nothing is kept, or nothing for this caller. */
  #admit({ sight }: Reader, channel: Channel): Kept {
    const { kept } = this.#parts;
    if (kept === null || this.#keptSince === null) {
      throw new ProblemError(404, historyProblems.off, 'This hub keeps no history.', {
        remedy: 'Start it with --history-size above 0.',
      });
    }
    if ((sight.channelBits & channelBit(channel)) === 0) {
      throw new ProblemError(403, 'not-shared', `Past ${channel} are not part of this share.`, {
        remedy: 'Ask its owner for a link that shows them.',
      });
    }
    return { ...kept, keptSince: this.#keptSince };
  }

  /** As the hub knows them. What the sight does not hold is left out, as on streams. */
  #hostsOf(asked: readonly string[] | null, sight: Sight): AskedHost[] {
    const { registry } = this.#parts;
    const { hosts } = makeView(['metrics'], asked, -1, 0, sight);
    const all = Array.from(registry.records, ({ host }) => host.id).filter((id) => sight.holdsHost(id));
    const ids = hosts === null ? all : [...hosts];
    if (ids.length > MAX_HISTORY_HOSTS)
      throw badParameter(
        'hosts',
        `may hold at most ${MAX_HISTORY_HOSTS} ids, and cannot be left out for more`,
      );
    return ids.map((id) => {
      const host = registry.recordOf(id)?.host;
      const isLive = host !== undefined && ['live', 'stale', 'backfilling'].includes(host.status);
      const liveUntil = isLive ? host.lastSeen : null;
      return { id, intervalMs: host?.intervalMs ?? USUAL_INTERVAL_MS, liveUntil };
    });
  }
}

type HostParts = Parameters<typeof pastProcessesOf>[0];
type Kept = NonNullable<HistoryEndpointParts['kept']> & { keptSince: KeptSince };

function problemOf(error: unknown, signal: AbortSignal): ProblemError {
  if (signal.reason instanceof ProblemError) return signal.reason;
  if (error instanceof ProblemError) return error;
  if (signal.reason === tookTooLong) {
    return new ProblemError(503, 'history-slow', 'The history took too long to answer.', {
      remedy: 'Ask for a shorter window, or fewer series.',
      isRetryable: true,
    });
  }
  throw error;
}

function unknownHost(shown: string): ProblemError {
  const message = `No history of a host ${JSON.stringify(shown)} is kept here.`;
  return new ProblemError(404, historyProblems.unknownHost, message, {
    remedy: 'GET /api/v1/hosts lists the hosts there are.',
  });
}
