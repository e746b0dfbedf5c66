/** The addresses of those who watch: swapping a link's secret for a session, saying who one is, pointing at a moment. */
import { parseCookie, stringifySetCookie } from 'cookie';
import { NOTE_AHEAD_MS } from '../../shared/schema/notes.ts';
import {
  pointerRequest,
  presenceRequest,
  shareSessionRequest,
  type Share,
} from '../../shared/schema/shares.ts';
import { refuseForeignPage } from '../access/authorise.ts';
import type { BadTokenLimiter } from '../access/bad-token-limiter.ts';
import type { Reader } from '../access/caller.ts';
import type { Visitor } from '../access/share-door.ts';
import { shareCookie } from '../access/cookie-names.ts';
import { browserOf } from '../access/browser-of.ts';
import { badToken } from '../access/door-problems.ts';
import { SESSION_SECONDS, type Session, type Sessions } from '../access/sessions.ts';
import type { Audit } from '../audit/audit.ts';
import { answerJson, readerOf, type Exchange } from '../http/exchange.ts';
import { readJsonBody } from '../http/json-body.ts';
import { ProblemError } from '../http/problem.ts';
import { PublishLimiter, type LimitWords } from '../notes/publish-limiter.ts';
import type { Pointers } from './pointers.ts';
import { wrongLinkWords } from './share-problems.ts';
import type { Shares } from './shares.ts';
import type { Viewers } from './viewers.ts';

const MAX_BODY_BYTES = 4096;
/** What one credential may say in a minute: a page every 20 s and with each change of screen; a person points by hand. */
const PRESENCES_PER_MINUTE = 120;
const POINTERS_PER_MINUTE = 30;
/** Sessions that one address may open of one share in a minute: a room full of people behind one router. */
const SESSIONS_PER_MINUTE = 60;

export interface ViewerEndpointParts {
  shares: Shares;
  viewers: Viewers;
  pointers: Pointers;
  sessions: Sessions;
  badTokens: BadTokenLimiter;
  audit: Audit;
}

export class ViewerEndpoint {
  readonly #parts: ViewerEndpointParts;
  readonly #presences = new PublishLimiter(PRESENCES_PER_MINUTE, tooOften('A viewer may say where it is'));
  readonly #pointers = new PublishLimiter(POINTERS_PER_MINUTE, tooOften('One may point at a moment'));
  readonly #entries = new PublishLimiter(SESSIONS_PER_MINUTE, tooOften('One address may open a share'));

  constructor(parts: ViewerEndpointParts) {
    this.#parts = parts;
  }

  /** `POST /s/:id/session`: 204 and the cookie of this share. Who has one of it already keeps it. */
  async openSession(exchange: Exchange): Promise<void> {
    const { shares, sessions, audit } = this.#parts;
    const { headers } = exchange.request;
    refuseForeignPage({
      origin: headers.origin,
      secFetchSite: headers['sec-fetch-site'],
      host: exchange.authority,
    });
    const { secret, name = null } = await readJsonBody(exchange.request, shareSessionRequest, MAX_BODY_BYTES);
    const id = exchange.params['id'] ?? '';
    const kind = shares.kindOfSecret(id, secret);
    if (kind === null)
      throw badToken(this.#parts, exchange.address, 'This link opens no share of this hub.', wrongLinkWords);
    // The right secret: from here on it is told what became of the share.
    shares.grantOf(id);
    const share = shares.shareOf(id);
    const isPreview = kind === 'preview';
    const known = this.#knownSession(exchange, id, isPreview);
    if (known !== null) {
      if (name !== null) sessions.rename(known.id, name);
      this.#admit(share, { session: known, address: exchange.address }, name);
      exchange.response.writeHead(204, { 'Cache-Control': 'no-store' }).end();
      return;
    }
    this.#entries.count(`${id} ${exchange.address}`);
    const { session, secret: cookie } = sessions.create({
      share: id,
      name,
      isPreview,
      address: exchange.address,
      browser: browserOf(headers['user-agent']),
    });
    try {
      this.#admit(share, { session, address: exchange.address }, name);
    } catch (problem) {
      sessions.end(session.id);
      throw problem;
    }
    if (!isPreview) {
      audit.record({
        kind: 'share-opened',
        actor: { role: 'viewer', name, address: exchange.address },
        subject: { id, name: share.label },
        details: { browser: session.browser },
      });
    }
    exchange.response
      .writeHead(204, { 'Set-Cookie': setCookie(exchange, share, cookie), 'Cache-Control': 'no-store' })
      .end();
  }

  /** `POST /api/v1/presence` */
  async takePresence(exchange: Exchange): Promise<void> {
    const reader = readerOf(exchange);
    this.#presences.count(reader.credential);
    const told = await readJsonBody(exchange.request, presenceRequest, MAX_BODY_BYTES);
    if (reader.role === 'viewer') {
      const visitor = this.#visitorOf(reader, exchange.address);
      this.#parts.viewers.describe(reader.share, visitor, told);
      if (reader.session !== null && told.name !== undefined)
        this.#parts.sessions.rename(reader.session, told.name);
    }
    exchange.response.writeHead(204, { 'Cache-Control': 'no-store' }).end();
  }

  /** `POST /api/v1/pointers`: answers with the pointer, as the one who points sees it. */
  async point(exchange: Exchange): Promise<void> {
    const reader = readerOf(exchange);
    this.#pointers.count(reader.credential);
    const { time, host, series, name } = await readJsonBody(exchange.request, pointerRequest, MAX_BODY_BYTES);
    if (time > Date.now() + NOTE_AHEAD_MS) throw notYet();
    const pointer = this.#parts.pointers.point({
      time,
      host: host == null ? null : knownHost(reader, host),
      series: series ?? null,
      by: name ?? this.#nameOf(reader, exchange.address),
      role: reader.role,
    });
    const shown = reader.sight.show?.({ name: 'pointer', data: pointer });
    answerJson(exchange, shown?.data ?? pointer, 201);
  }

  #admit(share: Share, visitor: { session: Session; address: string }, name: string | null): void {
    this.#parts.shares.admit(share.id, visitor);
    if (name !== null && !visitor.session.isPreview)
      this.#parts.viewers.describe(share.id, visitor, { name });
  }

  /** Whoever opens the link again is the same viewer. */
  #knownSession({ request, port }: Exchange, share: string, isPreview: boolean): Session | null {
    const secret = parseCookie(request.headers.cookie ?? '')[shareCookie(share, port)];
    const session = secret === undefined ? null : this.#parts.sessions.find(secret);
    return session?.share === share && session.isPreview === isPreview ? session : null;
  }

  #visitorOf({ session }: { session: string | null }, address: string): Visitor {
    return { session: session === null ? null : this.#parts.sessions.byId(session), address };
  }

  #nameOf(reader: Reader, address: string): string {
    if (reader.role === 'operator') return reader.name.slice(0, 64);
    if (reader.role === 'owner') return '';
    return this.#parts.viewers.find(reader.share, this.#visitorOf(reader, address))?.name ?? '';
  }
}

function tooOften(what: string): LimitWords {
  return { code: 'too-often', what, remedy: '' };
}

/** It ends with the share, as far as that is known. */
function setCookie({ isSecure, port }: Exchange, { id, expiresAt }: Share, value: string): string {
  const left = expiresAt === null ? SESSION_SECONDS : Math.ceil((expiresAt - Date.now()) / 1000);
  return stringifySetCookie({
    name: shareCookie(id, port),
    value,
    httpOnly: true,
    secure: isSecure,
    sameSite: 'strict',
    path: '/',
    maxAge: Math.max(1, Math.min(SESSION_SECONDS, left)),
  });
}

/** Its readers know a host by another id, where names are hidden. */
function knownHost({ sight }: Reader, shownId: string): string {
  const id = sight.hostKnownAs(shownId);
  if (id !== null) return id;
  throw new ProblemError(400, 'unknown-host', `No host ${JSON.stringify(shownId)} is shown here.`, {
    remedy: 'Name a host by its id, as the stream tells it, or leave it out: all hosts.',
  });
}

function notYet(): ProblemError {
  return new ProblemError(400, 'bad-time', 'The time lies in the future.', {
    remedy: 'Give milliseconds since 1970, of a moment that has been.',
  });
}
