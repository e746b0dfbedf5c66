/** The route table: every address of a hub, who may use it, and what answers. Routes are declared nowhere else. */
import type { HTTPMethod } from 'find-my-way';
import type { HubNumbers } from '../../shared/hub-numbers.ts';
import { paths } from '../../shared/protocol.ts';
import type { HostsAnswer } from '../../shared/snapshot.ts';
import type { AlertEndpoint } from '../alerts/alert-endpoint.ts';
import type { Access, AgentCaller, Shows } from '../access/caller.ts';
import type { SessionEndpoint } from '../access/session-endpoint.ts';
import type { ShownEvents } from '../access/shown-events.ts';
import type { TokenEndpoint } from '../access/token-endpoint.ts';
import type { LazySearch } from '../archive/lazy-search.ts';
import { audited } from '../audit/audited.ts';
import type { AuditEndpoint } from '../audit/audit-endpoint.ts';
import type { Audit } from '../audit/audit.ts';
import type { AuditEntry, AuditKind } from '../../shared/schema/audit.ts';
import type { AgentEndpoint } from '../agents/agent-endpoint.ts';
import type { PairEndpoint } from '../agents/pair-endpoint.ts';
import type { LazyHistory } from '../history/query/lazy-history.ts';
import type { HostEndpoint } from '../hosts/host-endpoint.ts';
import type { HostRegistry } from '../hosts/host-registry.ts';
import { shownHosts } from '../hosts/shown-hosts.ts';
import { expositionFormatFor, expositionTypes, type ExpositionFormat } from '../measure/exposition-format.ts';
import type { LazyInterop } from '../interop/lazy-interop.ts';
import type { LazyIntake } from '../intake/lazy-intake.ts';
import type { NoteEndpoint } from '../notes/note-endpoint.ts';
import type { PollEndpoint } from '../poll/poll-endpoint.ts';
import type { EventBus } from '../stream/event-bus.ts';
import type { LazyShares } from '../shares/lazy-shares.ts';
import type { StreamEndpoint } from '../stream/stream-endpoint.ts';
import type { ReachEndpoint } from '../reach/reach-endpoint.ts';
import type { LazyUpstreams } from '../upstreams/lazy-upstreams.ts';
import { answer, answerJson, readerOf, type Exchange, type Handler } from './exchange.ts';
import type { Route } from './http-server.ts';
import type { LazyEndpoint } from './lazy-endpoint.ts';
import type { PageFiles } from './page-files.ts';

export interface RouteParts {
  version: string;
  bus: EventBus;
  registry: HostRegistry;
  shownEvents: ShownEvents;
  stream: StreamEndpoint;
  poll: PollEndpoint;
  intake: LazyIntake;
  notes: LazyEndpoint<NoteEndpoint>;
  alerts: LazyEndpoint<AlertEndpoint>;
  hosts: HostEndpoint;
  agents: LazyEndpoint<AgentEndpoint>;
  pairing: PairEndpoint;
  upstreams: LazyUpstreams;
  interop: LazyInterop;
  pages: PageFiles;
  sessions: SessionEndpoint;
  operators: LazyEndpoint<TokenEndpoint>;
  shares: LazyShares;
  auditLog: AuditEndpoint;
  audit: Audit;
  reach: ReachEndpoint;
  logs: LazySearch;
  history: LazyHistory;
  hubNumbers: () => HubNumbers;
  metricsText: (format: ExpositionFormat) => string;
}

export function routesOf(parts: RouteParts): Route[] {
  const { agents, alerts, hosts, notes, operators, reach, sessions, shares, upstreams } = parts;
  const stream = (exchange: Exchange) => parts.stream.open(exchange);
  const page = (exchange: Exchange) => {
    // A link into the past: the page asks as soon as it runs.
    if (exchange.query.has('from')) parts.history.expect();
    return parts.pages.answer(exchange);
  };
  const changing = (
    kind: AuditKind,
    handler: Handler,
    subjectOf?: (exchange: Exchange) => AuditEntry['subject'],
  ) => audited(parts.audit, kind, handler, subjectOf);
  const rule = (exchange: Exchange) => subjectNamed(exchange.params['measure'] ?? '');
  const host = (exchange: Exchange) =>
    hostNamed(parts, exchange.params['id'] ?? exchange.params['host'] ?? '');
  return [
    ...[paths.stream, `${paths.stream}/:channel`].map((path) =>
      route('GET', path, 'read', 'sight', stream, { takesTicket: true }),
    ),
    route('GET', paths.poll, 'read', 'sight', (exchange) => parts.poll.open(exchange)),
    route('GET', paths.logSearch, 'read', 'sight', (exchange) => parts.logs.search(exchange)),
    route('GET', paths.logContext, 'read', 'sight', (exchange) => parts.logs.context(exchange)),
    route('GET', paths.history, 'read', 'sight', (exchange) => parts.history.answer(exchange, 'series')),
    route('GET', paths.historyProcesses, 'read', 'sight', (exchange) =>
      parts.history.answer(exchange, 'processes'),
    ),
    route('GET', paths.historyChanges, 'read', 'sight', (exchange) =>
      parts.history.answer(exchange, 'changes'),
    ),
    route('GET', paths.hosts, 'read', 'sight', (exchange) => answerJson(exchange, hostsOf(parts, exchange))),
    route('GET', paths.hub, 'read', 'hub', (exchange) => answerJson(exchange, parts.hubNumbers())),
    route('GET', paths.metrics, 'read', 'hub', (exchange) => answerMetrics(parts, exchange)),
    route('GET', paths.notes, 'read', 'sight', (exchange) => notes.answer((each) => each.list(exchange))),
    route('POST', paths.notes, 'publish', 'nothing', (exchange) =>
      notes.answer((each) => each.postNote(exchange)),
    ),
    route('DELETE', `${paths.notes}/:id`, 'publish', 'nothing', (exchange) =>
      notes.answer((each) => each.withdraw(exchange)),
    ),
    route('POST', paths.events, 'publish', 'nothing', (exchange) =>
      notes.answer((each) => each.postMarker(exchange)),
    ),
    route('GET', paths.alerts, 'read', 'sight', (exchange) => alerts.answer((each) => each.list(exchange))),
    route('POST', `${paths.alerts}/:id/acknowledge`, 'manage', 'hub', (exchange) =>
      alerts.answer((each) => each.acknowledge(exchange)),
    ),
    route('GET', paths.alertRules, 'read', 'hub', (exchange) =>
      alerts.answer((each) => each.tellRules(exchange)),
    ),
    route(
      'PATCH',
      `${paths.alertRules}/:measure`,
      'manage',
      'hub',
      changing('alert-rule-changed', (exchange) => alerts.answer((each) => each.changeRule(exchange)), rule),
    ),
    route('POST', paths.ingest, 'agent', 'nothing', (exchange) =>
      parts.intake.take(exchange, (exchange.caller as AgentCaller).host),
    ),
    route(
      'PATCH',
      `${paths.hosts}/:id`,
      'manage',
      'hub',
      changing('host-changed', (exchange) => hosts.change(exchange), host),
    ),
    route(
      'DELETE',
      `${paths.hosts}/:id`,
      'manage',
      'nothing',
      changing('host-removed', (exchange) => hosts.forget(exchange), host),
    ),
    route(
      'POST',
      paths.invitations,
      'manage',
      'nothing',
      changing('agent-invited', (exchange) => agents.answer((each) => each.invite(exchange))),
    ),
    route('GET', `${paths.invitations}/:id`, 'manage', 'hub', (exchange) =>
      agents.answer((each) => each.tellInvitation(exchange)),
    ),
    route('DELETE', `${paths.invitations}/:id`, 'manage', 'nothing', (exchange) =>
      agents.answer((each) => each.withdraw(exchange)),
    ),
    route('POST', paths.pair, 'public', 'nothing', (exchange) => parts.pairing.pair(exchange)),
    route('GET', paths.agents, 'manage', 'hub', (exchange) => agents.answer((each) => each.list(exchange))),
    route(
      'DELETE',
      `${paths.agents}/:host`,
      'manage',
      'nothing',
      changing('agent-revoked', (exchange) => agents.answer((each) => each.revoke(exchange)), host),
    ),
    route('GET', paths.upstreams, 'manage', 'hub', (exchange) => upstreams.list(exchange)),
    route('POST', paths.upstreams, 'manage', 'hub', (exchange) => upstreams.take(exchange, 'add')),
    route('POST', `${paths.upstreams}/probe`, 'manage', 'nothing', (exchange) =>
      upstreams.take(exchange, 'probe'),
    ),
    route('PATCH', `${paths.upstreams}/:id`, 'manage', 'hub', (exchange) =>
      upstreams.take(exchange, 'change'),
    ),
    route('DELETE', `${paths.upstreams}/:id`, 'manage', 'nothing', (exchange) =>
      upstreams.take(exchange, 'remove'),
    ),
    ...interopRoutes(parts),
    route('POST', paths.session, 'public', 'nothing', (exchange) => sessions.logIn(exchange)),
    route('GET', paths.session, 'read', 'nothing', (exchange) => sessions.who(exchange)),
    route('DELETE', paths.session, 'read', 'nothing', (exchange) => sessions.logOut(exchange)),
    route('GET', paths.sessions, 'owner', 'hub', (exchange) => sessions.list(exchange)),
    route('DELETE', `${paths.sessions}/:id`, 'owner', 'nothing', (exchange) => sessions.end(exchange)),
    route('GET', paths.tokens, 'owner', 'hub', (exchange) => operators.answer((each) => each.list(exchange))),
    route('POST', paths.tokens, 'owner', 'nothing', (exchange) =>
      operators.answer((each) => each.create(exchange)),
    ),
    route('DELETE', `${paths.tokens}/:id`, 'owner', 'nothing', (exchange) =>
      operators.answer((each) => each.revoke(exchange)),
    ),
    route('POST', paths.tickets, 'read', 'nothing', (exchange) =>
      operators.answer((each) => each.issueTicket(exchange)),
    ),
    route('GET', paths.reach, 'owner', 'nothing', (exchange) => reach.tell(exchange)),
    route(
      'PUT',
      paths.reach,
      'owner',
      'nothing',
      changing('reach-changed', (exchange) => reach.change(exchange)),
    ),
    route('POST', `${paths.reach}/test`, 'owner', 'nothing', (exchange) => reach.test(exchange)),
    route('GET', `${paths.reach}/trials/:name`, 'public', 'nothing', (exchange) =>
      reach.answerTrial(exchange),
    ),
    route('GET', paths.authority, 'public', 'nothing', (exchange) => reach.handOutAuthority(exchange)),
    route('GET', paths.shares, 'owner', 'hub', (exchange) => shares.owner(exchange, 'list')),
    route('POST', paths.shares, 'owner', 'hub', (exchange) => shares.owner(exchange, 'create')),
    route('DELETE', paths.shares, 'owner', 'nothing', (exchange) => shares.owner(exchange, 'revokeAll')),
    route('PATCH', `${paths.shares}/:id`, 'owner', 'hub', (exchange) => shares.owner(exchange, 'change')),
    route('DELETE', `${paths.shares}/:id`, 'owner', 'hub', (exchange) => shares.owner(exchange, 'revoke')),
    route('POST', `${paths.shares}/:id/preview`, 'owner', 'nothing', (exchange) =>
      shares.owner(exchange, 'preview'),
    ),
    route('POST', `${paths.sharePage}/:id/session`, 'public', 'nothing', (exchange) =>
      shares.viewer(exchange, 'openSession'),
    ),
    route('POST', paths.presence, 'read', 'nothing', (exchange) => shares.viewer(exchange, 'takePresence')),
    route('POST', paths.pointers, 'read', 'sight', (exchange) => shares.viewer(exchange, 'point')),
    route('GET', paths.audit, 'owner', 'hub', (exchange) => parts.auditLog.list(exchange)),
    route('GET', paths.health, 'public', 'nothing', (exchange) => answerHealth(parts, exchange)),
    ...(['GET', 'HEAD'] as const).map((method) =>
      route(method, `${paths.sharePage}/*`, 'public', 'nothing', (exchange) =>
        parts.pages.answer(exchange, sharePage),
      ),
    ),
    route('GET', '/*', 'public', 'nothing', page),
    route('HEAD', '/*', 'public', 'nothing', page),
  ];
}

/** An exporter is a server like any other; what samples are written to gets all of them, so that is the owner's. */
function interopRoutes({ interop }: RouteParts): Route[] {
  const kinds = [
    ['exporters', paths.exporters, 'manage'],
    ['remoteWrites', paths.remoteWrites, 'owner'],
  ] as const;
  return kinds.flatMap(([kind, path, access]) => [
    route('GET', path, access, 'hub', (exchange) => interop.list(exchange, kind)),
    route('POST', path, access, 'hub', (exchange) => interop.take(exchange, kind, 'add')),
    route('PATCH', `${path}/:id`, access, 'hub', (exchange) => interop.take(exchange, kind, 'change')),
    route('DELETE', `${path}/:id`, access, 'nothing', (exchange) => interop.take(exchange, kind, 'remove')),
  ]);
}

/** A link that somebody was sent is nobody else's to find, and leaves nothing behind in the browser. */
const sharePage = { 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow' };

function route(
  method: HTTPMethod,
  path: string,
  access: Access,
  shows: Shows,
  handler: Handler,
  more: Pick<Route, 'takesTicket'> = {},
): Route {
  return { method, path, access, shows, handler, ...more };
}

function subjectNamed(name: string): AuditEntry['subject'] {
  return { id: name.slice(0, 64), name: name.slice(0, 64) };
}

function hostNamed({ registry }: RouteParts, id: string): AuditEntry['subject'] {
  return { id, name: registry.recordOf(id)?.host.name ?? id };
}

function hostsOf({ bus, registry, shownEvents }: RouteParts, exchange: Exchange): HostsAnswer {
  return {
    cursor: bus.cursor(),
    serverTime: Date.now(),
    hosts: shownHosts(registry.records, readerOf(exchange).sight, shownEvents),
  };
}

function answerHealth({ version }: RouteParts, exchange: Exchange): void {
  answerJson(exchange, { status: 'ok', version, uptimeSeconds: Math.round(process.uptime()) });
}

function answerMetrics({ metricsText }: RouteParts, exchange: Exchange): void {
  const format = expositionFormatFor(exchange.request.headers.accept);
  const vary = [exchange.headers['Vary'], 'Accept'].filter(Boolean).join(', ');
  answer(exchange, 200, expositionTypes[format], metricsText(format), { Vary: vary });
}
