/** The addresses of sessions: logging in and out, who one is, and the owner's list of who is logged in. */
import { stringifySetCookie } from 'cookie';
import type { SessionEntry, WhoAnswer } from '../../shared/schema/access.ts';
import { channels } from '../../shared/event-rules.ts';
import { sessionRequest } from '../../shared/schema/access.ts';
import { keptOrRefused } from '../agents/kept-or-refused.ts';
import { actorOf, type Audit } from '../audit/audit.ts';
import { answerJson, readerOf, type Exchange } from '../http/exchange.ts';
import { readJsonBody } from '../http/json-body.ts';
import { notFound, ProblemError } from '../http/problem.ts';
import { channelBit } from '../stream/channel-bit.ts';
import { refuseForeignPage, scopesOf, type Door } from './authorise.ts';
import { browserOf } from './browser-of.ts';
import { sessionCookie, shareCookie } from './cookie-names.ts';
import { badToken } from './door-problems.ts';
import type { Ender } from './endings.ts';
import type { LaunchTickets } from './launch-tickets.ts';
import { SESSION_SECONDS, type Session, type Sessions } from './sessions.ts';

export interface SessionEndpointParts {
  door: Pick<Door, 'badTokens'>;
  sessions: Sessions;
  tickets: LaunchTickets;
  endings: Ender;
  audit: Audit;
}

export class SessionEndpoint {
  readonly #parts: SessionEndpointParts;

  constructor(parts: SessionEndpointParts) {
    this.#parts = parts;
  }

  /** `POST /api/v1/session`: swaps a launch ticket for the session cookie. */
  async logIn(exchange: Exchange): Promise<void> {
    const { door, sessions, tickets, audit } = this.#parts;
    const { request, address, authority, port } = exchange;
    refuseForeignPage({
      origin: request.headers.origin,
      secFetchSite: request.headers['sec-fetch-site'],
      host: authority,
    });
    const { ticket } = await readJsonBody(request, sessionRequest);
    if (!tickets.redeem(ticket))
      throw badToken(door, address, 'This launch ticket was used before, or is too old.');
    const browser = browserOf(request.headers['user-agent']);
    const { secret } = keptOrRefused('Nobody was logged in.', () =>
      sessions.create({ share: null, name: null, isPreview: false, address, browser }),
    );
    audit.record({ kind: 'login', actor: { role: 'owner', name: null, address }, details: { browser } });
    answerCookie(exchange, sessionCookie(port), secret, SESSION_SECONDS);
  }

  /** `GET /api/v1/session` */
  who(exchange: Exchange): void {
    const caller = readerOf(exchange);
    const { sight } = caller;
    answerJson(exchange, {
      role: caller.role,
      name: caller.role === 'operator' ? caller.name : null,
      scopes: scopesOf(caller),
      share: caller.role === 'viewer' ? caller.told : null,
      channels: channels.filter((channel) => (sight.channelBits & channelBit(channel)) !== 0),
      hosts: sight.hosts && [...sight.hosts],
    } satisfies WhoAnswer);
  }

  /** `DELETE /api/v1/session`: ends the one that asks. */
  logOut(exchange: Exchange): void {
    const session = this.#sessionOf(exchange);
    if (session === null) throw noSession();
    this.#end(exchange, session.id);
    const { share } = session;
    const name = share === null ? sessionCookie(exchange.port) : shareCookie(share, exchange.port);
    answerCookie(exchange, name, '', 0);
  }

  /** `GET /api/v1/sessions` */
  list(exchange: Exchange): void {
    const own = this.#sessionOf(exchange)?.id;
    const listed = this.#parts.sessions.all.sort((a, b) => b.lastSeenAt - a.lastSeenAt);
    answerJson(exchange, { sessions: listed.map((session) => entryOf(session, session.id === own)) });
  }

  /** `DELETE /api/v1/sessions/:id` */
  end(exchange: Exchange): void {
    this.#end(exchange, exchange.params['id'] ?? '');
    exchange.response.writeHead(204, { 'Cache-Control': 'no-store' }).end();
  }

  #end({ caller, address }: Exchange, id: string): void {
    const { sessions, endings, audit } = this.#parts;
    const session = sessions.byId(id);
    if (session === null) throw notFound();
    const credential = credentialOf(session);
    try {
      keptOrRefused('The session is ended until the hub is started again.', () => sessions.end(id));
    } finally {
      endings.endWhere((open) => open === credential, 'revoked');
    }
    const subject = { id, name: session.name ?? session.browser ?? id };
    audit.record({ kind: 'session-ended', actor: actorOf(caller, address), subject });
  }

  #sessionOf(exchange: Exchange): Session | null {
    const caller = readerOf(exchange);
    if (caller.role === 'viewer')
      return caller.session === null ? null : this.#parts.sessions.byId(caller.session);
    const [kind, id] = caller.credential.split(':');
    return kind === 'session' ? this.#parts.sessions.byId(id!) : null;
  }
}

/** As callers with this session have it. */
function credentialOf({ id, share }: Session): string {
  return share === null ? `session:${id}` : `share:${share}:${id}`;
}

function entryOf(session: Session, isOwn: boolean): SessionEntry {
  const { id, share, name, since, lastSeenAt, address, browser } = session;
  return { id, share, name, isOwn, since, lastSeenAt, address, browser };
}

/** `seconds` 0: the browser forgets it. */
function answerCookie(exchange: Exchange, name: string, value: string, seconds: number): void {
  const cookie = stringifySetCookie({
    name,
    value,
    httpOnly: true,
    secure: exchange.isSecure,
    sameSite: 'strict',
    path: '/',
    maxAge: seconds,
  });
  exchange.response.writeHead(204, { 'Set-Cookie': cookie, 'Cache-Control': 'no-store' }).end();
}

function noSession(): ProblemError {
  return new ProblemError(409, 'no-session', 'This request came with a token, not with a session.', {
    remedy: 'A token is revoked by the owner of the hub, in Settings > Sharing.',
  });
}
