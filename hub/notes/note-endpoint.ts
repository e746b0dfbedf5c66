/** The addresses of notes: a person's note, a script's marker, taking one back, and those of a stretch of time. */
import {
  markerRequest,
  MAX_NOTES,
  NOTE_AHEAD_MS,
  NOTES_KEPT_MS,
  NOTES_PAST_MS,
  noteRequest,
  type NoteAnswer,
  type PastNotes,
} from '../../shared/schema/notes.ts';
import type { Caller } from '../access/caller.ts';
import type { ShownEvents } from '../access/shown-events.ts';
import type { HostRegistry } from '../hosts/host-registry.ts';
import { answerJson, readerOf, type Exchange } from '../http/exchange.ts';
import { fitBody, readBody, readJsonBody } from '../http/json-body.ts';
import { badParameter, refuseUnknown, timeIn } from '../http/parameters.ts';
import { notFound, ProblemError } from '../http/problem.ts';
import { markerFields } from './marker-body.ts';
import type { NoteDraft, Notes } from './notes.ts';
import { PublishLimiter } from './publish-limiter.ts';

/** The largest note there can be, written with every character escaped, fits. */
const MAX_NOTE_BODY_BYTES = 64 * 1024;

export interface NoteEndpointParts {
  notes: Notes;
  registry: HostRegistry;
  limiter: PublishLimiter;
  shownEvents: ShownEvents;
}

/** `perMinute`: what one credential may post. */
export function noteEndpointOf(parts: Omit<NoteEndpointParts, 'limiter'>, perMinute: number): NoteEndpoint {
  return new NoteEndpoint({ ...parts, limiter: new PublishLimiter(perMinute) });
}

export class NoteEndpoint {
  readonly #parts: NoteEndpointParts;

  constructor(parts: NoteEndpointParts) {
    this.#parts = parts;
  }

  /** `GET /api/v1/notes` */
  async list(exchange: Exchange): Promise<void> {
    const { query } = exchange;
    const { sight } = readerOf(exchange);
    refuseUnknown(query, ['from', 'to', 'hosts']);
    const to = timeIn(query, 'to') ?? Date.now() + NOTE_AHEAD_MS;
    const from = timeIn(query, 'from') ?? to - NOTES_KEPT_MS;
    if (from > to) throw badParameter('from', 'may not be after to');
    const wanted = query.get('hosts')?.split(',') ?? null;
    const { notes, shownEvents } = this.#parts;
    const shown = (await notes.between(from, to))
      .filter(({ hosts }) => hosts === null || hosts.every((host) => sight.holdsHost(host)))
      .flatMap((data) => {
        const event = shownEvents.of(sight, { name: 'note', data });
        return event?.name === 'note' ? event.data : [];
      })
      .filter(
        ({ hosts }) => wanted === null || hosts === null || hosts.some((host) => wanted.includes(host)),
      );
    const answer: PastNotes = {
      from,
      to,
      notes: shown.slice(-MAX_NOTES),
      isCut: shown.length > MAX_NOTES,
    };
    answerJson(exchange, answer);
  }

  /** `POST /api/v1/notes` */
  async postNote(exchange: Exchange): Promise<void> {
    const caller = this.#admit(exchange);
    const { text, time, hosts } = await readJsonBody(exchange.request, noteRequest, MAX_NOTE_BODY_BYTES);
    await this.#post(exchange, {
      kind: 'note',
      time: this.#timeOf(time),
      author: caller.role,
      hosts: hosts == null ? null : this.#hostsOf(hosts),
      title: null,
      text,
      level: 'info',
      tags: [],
      link: null,
    });
  }

  /** `POST /api/v1/events` */
  async postMarker(exchange: Exchange): Promise<void> {
    const caller = this.#admit(exchange);
    const body = await readBody(exchange.request, MAX_NOTE_BODY_BYTES);
    const fields = markerFields(exchange.request.headers, body);
    const { title, text, level, host, time, tags, link } = fitBody(fields, markerRequest);
    await this.#post(exchange, {
      kind: 'marker',
      time: this.#timeOf(time),
      author: caller.role,
      hosts: host === undefined ? null : this.#hostsOf([host]),
      title,
      text: text ?? null,
      level: level ?? 'info',
      tags: [...new Set(tags)],
      link: link ?? null,
    });
  }

  /** `DELETE /api/v1/notes/:id` */
  async withdraw(exchange: Exchange): Promise<void> {
    this.#admit(exchange);
    if (!(await this.#parts.notes.withdraw(exchange.params['id'] ?? ''))) throw notFound();
    exchange.response.writeHead(204, { 'Cache-Control': 'no-store' }).end();
  }

  /** Before the body is read, so that bodies which do not fit count as well. */
  #admit({ caller }: Exchange): Caller {
    this.#parts.limiter.count(caller!.credential);
    return caller!;
  }

  async #post(exchange: Exchange, draft: NoteDraft): Promise<void> {
    const answer: NoteAnswer = await this.#parts.notes.post(draft);
    answerJson(exchange, answer, 201);
  }

  /** A wrong unit would put the note where nobody ever sees it: refused, with the right one. */
  #timeOf(time: number | string | undefined): number {
    const now = Date.now();
    const asked = time === undefined ? now : typeof time === 'number' ? time : Date.parse(time);
    if (asked >= now - NOTES_PAST_MS && asked <= now + NOTE_AHEAD_MS) return asked;
    throw new ProblemError(400, 'bad-time', 'The time must lie within the last two years.', {
      remedy:
        'Give milliseconds since 1970 (date +%s%3N) or a date like 2026-11-21T14:03:12Z, or leave it out: now.',
    });
  }

  /** By id, else by name. A script with a typing error learns of it, and not from a marker that nobody finds. */
  #hostsOf(wanted: readonly string[]): string[] {
    const hosts = [...this.#parts.registry.records].map(({ host }) => host);
    const found = wanted.map((word) => {
      const match = hosts.find(({ id }) => id === word) ?? hosts.find(({ name }) => name === word);
      if (match) return match.id;
      throw new ProblemError(400, 'unknown-host', `This hub knows no host ${JSON.stringify(word)}.`, {
        remedy: 'Name a host by its id or name, as GET /api/v1/hosts lists them, or leave it out: all hosts.',
      });
    });
    return [...new Set(found)];
  }
}
