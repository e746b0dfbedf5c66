/** The route table: every address of a hub, who may use it, and what answers. Routes are declared nowhere else. */
import { stringifySetCookie } from 'cookie';
import type { HubNumbers } from '../../shared/hub-numbers.ts';
import { paths } from '../../shared/protocol.ts';
import { sessionRequest, type HostsAnswer, type HostSnapshot } from '../../shared/snapshot.ts';
import { badToken, refuseForeignPage, type AgentCaller, type Door } from '../access/authorise.ts';
import type { LaunchTickets } from '../access/launch-tickets.ts';
import { SESSION_SECONDS } from '../access/sessions.ts';
import type { AgentEndpoint } from '../agents/agent-endpoint.ts';
import type { PairEndpoint } from '../agents/pair-endpoint.ts';
import type { HostEndpoint } from '../hosts/host-endpoint.ts';
import type { HostRecord, HostRegistry } from '../hosts/host-registry.ts';
import type { LazyIntake } from '../intake/lazy-intake.ts';
import type { NoteEndpoint } from '../notes/note-endpoint.ts';
import type { PollEndpoint } from '../poll/poll-endpoint.ts';
import type { EventBus } from '../stream/event-bus.ts';
import type { StreamEndpoint } from '../stream/stream-endpoint.ts';
import type { LazyUpstreams } from '../upstreams/lazy-upstreams.ts';
import { answer, answerJson, type Exchange } from './exchange.ts';
import type { Route } from './http-server.ts';
import { authorityOf } from './http2-request.ts';
import { readJsonBody } from './json-body.ts';
import type { PageFiles } from './page-files.ts';

export interface RouteParts {
  version: string;
  bus: EventBus;
  registry: HostRegistry;
  stream: StreamEndpoint;
  poll: PollEndpoint;
  intake: LazyIntake;
  notes: NoteEndpoint;
  hosts: HostEndpoint;
  agents: AgentEndpoint;
  pairing: PairEndpoint;
  upstreams: LazyUpstreams;
  pages: PageFiles;
  door: Door;
  tickets: LaunchTickets;
  hubNumbers: () => HubNumbers;
  /** Prometheus text. */
  metricsText: () => string;
}

export function routesOf(parts: RouteParts): Route[] {
  const stream = (exchange: Exchange) => parts.stream.open(exchange);
  const page = (exchange: Exchange) => parts.pages.answer(exchange);
  return [
    {
      method: 'GET',
      path: paths.stream,
      access: 'owner',
      handler: stream,
    },
    { method: 'GET', path: `${paths.stream}/:channel`, access: 'owner', handler: stream },
    { method: 'GET', path: paths.poll, access: 'owner', handler: (exchange) => parts.poll.open(exchange) },
    {
      method: 'GET',
      path: paths.hosts,
      access: 'owner',
      handler: (exchange) => answerJson(exchange, hostsOf(parts)),
    },
    {
      method: 'GET',
      path: paths.hub,
      access: 'owner',
      handler: (exchange) => answerJson(exchange, parts.hubNumbers()),
    },
    {
      method: 'POST',
      path: paths.notes,
      access: 'owner',
      handler: (exchange) => parts.notes.postNote(exchange),
    },
    {
      method: 'DELETE',
      path: `${paths.notes}/:id`,
      access: 'owner',
      handler: (exchange) => parts.notes.withdraw(exchange),
    },
    {
      method: 'POST',
      path: paths.events,
      access: 'owner',
      handler: (exchange) => parts.notes.postMarker(exchange),
    },
    {
      method: 'POST',
      path: paths.ingest,
      access: 'agent',
      handler: (exchange) => parts.intake.take(exchange, (exchange.caller as AgentCaller).host),
    },
    {
      method: 'PATCH',
      path: `${paths.hosts}/:id`,
      access: 'owner',
      handler: (exchange) => parts.hosts.change(exchange),
    },
    {
      method: 'DELETE',
      path: `${paths.hosts}/:id`,
      access: 'owner',
      handler: (exchange) => parts.hosts.forget(exchange),
    },
    {
      method: 'POST',
      path: paths.invitations,
      access: 'owner',
      handler: (exchange) => parts.agents.invite(exchange),
    },
    {
      method: 'GET',
      path: `${paths.invitations}/:id`,
      access: 'owner',
      handler: (exchange) => parts.agents.tellInvitation(exchange),
    },
    {
      method: 'DELETE',
      path: `${paths.invitations}/:id`,
      access: 'owner',
      handler: (exchange) => parts.agents.withdraw(exchange),
    },
    {
      method: 'POST',
      path: paths.pair,
      access: 'public',
      handler: (exchange) => parts.pairing.pair(exchange),
    },
    {
      method: 'GET',
      path: paths.agents,
      access: 'owner',
      handler: (exchange) => parts.agents.list(exchange),
    },
    {
      method: 'DELETE',
      path: `${paths.agents}/:host`,
      access: 'owner',
      handler: (exchange) => parts.agents.revoke(exchange),
    },
    {
      method: 'GET',
      path: paths.upstreams,
      access: 'owner',
      handler: (exchange) => parts.upstreams.list(exchange),
    },
    {
      method: 'POST',
      path: paths.upstreams,
      access: 'owner',
      handler: (exchange) => parts.upstreams.take(exchange, 'add'),
    },
    {
      method: 'POST',
      path: `${paths.upstreams}/probe`,
      access: 'owner',
      handler: (exchange) => parts.upstreams.take(exchange, 'probe'),
    },
    {
      method: 'PATCH',
      path: `${paths.upstreams}/:id`,
      access: 'owner',
      handler: (exchange) => parts.upstreams.take(exchange, 'change'),
    },
    {
      method: 'DELETE',
      path: `${paths.upstreams}/:id`,
      access: 'owner',
      handler: (exchange) => parts.upstreams.take(exchange, 'remove'),
    },
    {
      method: 'POST',
      path: paths.session,
      access: 'public',
      handler: (exchange) => openSession(parts, exchange),
    },
    {
      method: 'GET',
      path: paths.health,
      access: 'public',
      handler: (exchange) => answerHealth(parts, exchange),
    },
    {
      method: 'GET',
      path: paths.metrics,
      access: 'owner',
      handler: (exchange) => answerMetrics(parts, exchange),
    },
    { method: 'GET', path: '/*', access: 'public', handler: page },
    { method: 'HEAD', path: '/*', access: 'public', handler: page },
  ];
}

function hostsOf({ bus, registry }: RouteParts): HostsAnswer {
  return { cursor: bus.cursor(), serverTime: Date.now(), hosts: [...registry.records].map(snapshotOf) };
}

function snapshotOf({ host, sample, filesystems, sensors, processes, sources }: HostRecord): HostSnapshot {
  return { host, sample, filesystems, sensors, processes, sources: [...sources.values()] };
}

/** Swaps a launch ticket for the session cookie. */
async function openSession({ door, tickets }: RouteParts, exchange: Exchange): Promise<void> {
  const { headers } = exchange.request;
  refuseForeignPage({
    authorization: undefined,
    cookie: undefined,
    origin: headers.origin,
    secFetchSite: headers['sec-fetch-site'],
    host: authorityOf(exchange.request),
    address: exchange.address,
  });
  const { ticket } = await readJsonBody(exchange.request, sessionRequest);
  if (!tickets.redeem(ticket))
    throw badToken(door, exchange.address, 'This launch ticket was used before, or is too old.');
  const cookie = stringifySetCookie({
    name: door.cookieName,
    value: door.sessions.create(),
    httpOnly: true,
    secure: door.isSecure,
    sameSite: 'strict',
    path: '/',
    maxAge: SESSION_SECONDS,
  });
  exchange.response.writeHead(204, { 'Set-Cookie': cookie, 'Cache-Control': 'no-store' }).end();
}

function answerHealth({ version }: RouteParts, exchange: Exchange): void {
  answerJson(exchange, { status: 'ok', version, uptimeSeconds: Math.round(process.uptime()) });
}

function answerMetrics({ metricsText }: RouteParts, exchange: Exchange): void {
  answer(exchange, 200, 'text/plain; version=0.0.4; charset=utf-8', metricsText());
}
