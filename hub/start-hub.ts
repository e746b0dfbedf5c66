/** The composition root: builds every part of a hub, opens them in order and closes them in reverse. */
import type { ObservationSink } from '../shared/observer.ts';
import type { ReachBase } from '../shared/schema/reach.ts';
import type { Door } from './access/authorise.ts';
import { BadTokenLimiter } from './access/bad-token-limiter.ts';
import { CrossOrigin } from './access/cross-origin.ts';
import { Endings } from './access/endings.ts';
import { LaunchTickets } from './access/launch-tickets.ts';
import { OperatorTokens } from './access/operator-tokens.ts';
import { ownerTokenOf } from './access/owner-token.ts';
import { hashOf } from './access/secret.ts';
import { SessionEndpoint } from './access/session-endpoint.ts';
import { Sessions } from './access/sessions.ts';
import { ShownEvents } from './access/shown-events.ts';
import { StreamTickets } from './access/stream-tickets.ts';
import { Agents } from './agents/agents.ts';
import { Invitations } from './agents/invitations.ts';
import { PairEndpoint } from './agents/pair-endpoint.ts';
import { Alerting } from './alerts/alerting.ts';
import { keepingSink } from './archive/keeping-sink.ts';
import { LogArchive } from './archive/log-archive.ts';
import { LazySearch } from './archive/lazy-search.ts';
import { hubItself } from './audit/audit.ts';
import { AuditEndpoint } from './audit/audit-endpoint.ts';
import { AuditLog } from './audit/audit-log.ts';
import { openDataFolder } from './data-folder.ts';
import { Chronicle } from './history/chronicle/chronicle.ts';
import { LazyHistory } from './history/query/lazy-history.ts';
import { HistoryStore } from './history/store/history-store.ts';
import { HostEndpoint } from './hosts/host-endpoint.ts';
import { HostRegistry } from './hosts/host-registry.ts';
import { KeptLabelFile } from './hosts/kept-label-file.ts';
import { HostNames } from './http/host-names.ts';
import { HttpServer } from './http/http-server.ts';
import { PublicSide } from './http/public-side.ts';
import { LazyEndpoint } from './http/lazy-endpoint.ts';
import { OpenRequests } from './http/open-requests.ts';
import { PageFiles } from './http/page-files.ts';
import { routesOf } from './http/routes.ts';
import { settingsOf, type HubOptions, type HubSettings } from './hub-options.ts';
import { LazyInterop } from './interop/lazy-interop.ts';
import { LazyIntake } from './intake/lazy-intake.ts';
import { LoopDelay } from './measure/loop-delay.ts';
import { hubNumbersOf, type HubParts } from './measure/hub-numbers.ts';
import { metricsTextOf } from './measure/metrics-text.ts';
import { Notes } from './notes/notes.ts';
import { PackageMarkers } from './notes/package-markers.ts';
import { PollEndpoint } from './poll/poll-endpoint.ts';
import { ReachEndpoint } from './reach/reach-endpoint.ts';
import { Reach } from './reach/reach.ts';
import { refuseSecondHub, removeRuntimeFile, writeRuntimeFile } from './runtime-file.ts';
import { LazyShares } from './shares/lazy-shares.ts';
import { Broadcaster } from './stream/broadcaster.ts';
import { EventBus } from './stream/event-bus.ts';
import { ShownFrames } from './stream/shown-frames.ts';
import { StreamCounts } from './stream/stream-counts.ts';
import { StreamEndpoint } from './stream/stream-endpoint.ts';
import { StreamLimits } from './stream/stream-limits.ts';
import { StreamOpening } from './stream/stream-opening.ts';
import type { TlsPair } from './tls/tls-pair.ts';
import { LazyUpstreams } from './upstreams/lazy-upstreams.ts';

export type { HubOptions } from './hub-options.ts';

export interface RunningHub extends AsyncDisposable {
  /** Where it answers: "http://127.0.0.1:7400". */
  readonly origin: string;
  readonly port: number;
  /** For `Authorization: Bearer`; new per start, unless a file keeps it. */
  readonly ownerToken: string;
  /** On a TLS port: the PEM file to trust, and its SHA-256 as browsers show it. */
  readonly certificate: { file: string; fingerprint: string } | null;
  /** The page's address with a fresh one-time ticket, valid for five minutes. */
  launchUrl(): string;
  /** Where links for others lead to now, and what is to be said about it. */
  base(): ReachBase;
  /** Takes observations of this process. */
  readonly sink: ObservationSink;
}

/** Connections besides streams: requests under way and idle keep-alive ones. */
const SPARE_CONNECTIONS = 1024;

/**
 * Resolves once the hub listens; its observers start then, and report through `report` where they fail.
 * Throws a `WatchlineError`: `data-dir-unusable`, `already-running`, `port-in-use`, `address-unusable`, `page-missing`, `config`.
 */
export async function startHub(options: HubOptions): Promise<RunningHub> {
  const settings = settingsOf(options);
  await using opened = new AsyncDisposableStack();
  openDataFolder(settings.dataDir);
  await refuseSecondHub(settings.dataDir);
  // Imported only where it is wanted: TLS and HTTP/2 take 10 MB.
  const tls = settings.tls === null ? null : (await import('./tls/hub-tls.ts')).openTls(settings);

  const ownerToken = ownerTokenOf(settings.tokenFile);
  const tickets = new LaunchTickets();
  const counts = new StreamCounts();
  const bus = new EventBus(settings.replayBytes);
  const labels = new KeptLabelFile(settings.dataDir, settings.report);
  const history = settings.historyBytes === 0 ? null : opened.use(historyOf(settings));
  const chronicle = history && opened.use(chronicleOf(settings, history));
  const registry = new HostRegistry(
    (event) => {
      bus.publish(event);
      chronicle?.take(event);
      alerting.take(event);
      if (event.name === 'log') packages.take(event.data);
    },
    (host) => labels.of(host),
    (line) => archive?.takeOld(line),
    history,
  );
  const shownEvents = new ShownEvents();
  const alerting = opened.use(
    new Alerting({
      ...settings,
      publish: (event) => bus.publish(event),
      hosts: () => registry.hosts(),
      hostOf: (id) => registry.recordOf(id)?.host ?? null,
      shownEvents,
    }),
  );
  const archive = settings.logArchiveBytes === 0 ? null : opened.use(logArchiveOf(settings, bus.epoch));
  if (archive !== null) bus.onFrame((frame) => archive.take(frame));
  const notes = opened.use(new Notes({ ...settings, publish: (event) => bus.publish(event) }));
  const packages = opened.use(new PackageMarkers({ post: (draft, id) => notes.post(draft, id) }));
  const agents = new Agents(settings.dataDir, settings.report);
  const sessions = opened.use(new Sessions(settings.dataDir, settings.report));
  const operators = new OperatorTokens(settings.dataDir, settings.report);
  const streamTickets = new StreamTickets();
  const openRequests = new OpenRequests();
  const endings = new Endings();
  const audit = opened.use(new AuditLog({ ...settings, publish: (event) => bus.publish(event) }));
  const badTokens = new BadTokenLimiter(settings.maxBadTokens);
  const limits = new StreamLimits(settings);
  const shares = opened.use(
    new LazyShares({
      ...settings,
      registry,
      sessions,
      badTokens,
      endings,
      audit,
      publish: (event) => bus.publish(event),
      isConnected: (credential, address) => limits.isOpen(credential, address),
      base: () => reach.base(),
      hasOwnAuthority: () => reach.settings.certificate === 'own-ca',
    }),
  );
  bus.onFrame(({ name }) => {
    if (name === 'host' || name === 'gone') shares.hostsChanged();
  });
  const door: Door = {
    ownerTokenHash: hashOf(ownerToken),
    sessions,
    agents,
    operators,
    shares,
    streamTickets,
    badTokens,
  };
  const shown = new ShownFrames();
  const broadcaster = new Broadcaster({ ...settings, bus, counts, shown });
  const opening = new StreamOpening({
    bus,
    registry,
    notes,
    standing: () => [...alerting.standing, ...shares.standing],
    counts,
    shown,
    shownEvents,
    settings,
  });
  const polls = new PollEndpoint({ bus, opening, limits, counts, shown, settings });
  const logs = new LazySearch({ archive, registry });
  const past = new LazyHistory({
    ...settings,
    kept: history && chronicle && { reader: history, chronicle },
    registry,
    onExpected: () => history?.expectRead(),
  });
  for (const ender of [broadcaster, polls, logs, past, streamTickets, shares, openRequests])
    endings.add(ender);
  const loopDelay = new LoopDelay();
  const intake = opened.use(new LazyIntake({ ...settings, registry, isAgent: (host) => agents.has(host) }));
  opened.use(agents.onRevoked((host) => intake.end(host)));
  const upstreams = new LazyUpstreams({
    ...settings,
    registry,
    labels,
    isAgent: (host) => agents.has(host),
    epoch: bus.epoch,
    audit,
  });
  const interop = new LazyInterop({
    ...settings,
    registry,
    labels,
    isAgent: (host) => agents.has(host),
    history: () => history,
    audit,
  });
  const numbered: HubParts = {
    version: settings.version,
    bus,
    broadcaster,
    counts,
    loopDelay,
    intake,
    archive,
    history,
  };
  // A certificate's names are the hub's own; a foreign page cannot have a certificate for them.
  const outside = new PublicSide();
  const hostNames = new HostNames(
    [settings.host, ...settings.allowedHosts, ...(tls?.pair.dnsNames ?? [])],
    outside,
  );
  const pairing = { agents, invitations: new Invitations(), labels, registry };
  const reach: Reach = new Reach({
    ...settings,
    furtherNames: settings.allowedHosts,
    outside,
    given: settings.reach,
    listener: (wishes) => server.listener(wishes),
    home: () => ({ listenHost: settings.host, listener, tls: tls?.pair ?? null }),
  });
  const routes = routesOf({
    version: settings.version,
    bus,
    registry,
    shownEvents,
    stream: new StreamEndpoint({ bus, opening, limits, broadcaster, counts, settings }),
    poll: polls,
    intake,
    notes: new LazyEndpoint(async () => {
      const { noteEndpointOf } = await import('./notes/note-endpoint.ts');
      return noteEndpointOf({ notes, registry, shownEvents }, settings.maxNotesPerMinute);
    }),
    alerts: alerting.endpoint,
    hosts: new HostEndpoint({ registry, labels, agents }),
    agents: new LazyEndpoint(async () => {
      const { AgentEndpoint } = await import('./agents/agent-endpoint.ts');
      return new AgentEndpoint({
        ...pairing,
        stateOf: (host) => intake.stateOf(host),
        standing: () => reach.standing,
      });
    }),
    pairing: new PairEndpoint({
      ...pairing,
      version: settings.version,
      badTokens,
      audit,
      isHeard: (host) => intake.stateOf(host)?.lastSeen != null,
    }),
    upstreams,
    interop,
    pages: new PageFiles(settings.pageDir),
    sessions: new SessionEndpoint({ door, sessions, tickets, endings, audit }),
    operators: new LazyEndpoint(async () => {
      const { TokenEndpoint } = await import('./access/token-endpoint.ts');
      return new TokenEndpoint({ operators, streamTickets, endings, audit });
    }),
    reach: new ReachEndpoint(reach),
    logs,
    history: past,
    shares,
    auditLog: new AuditEndpoint(audit),
    audit,
    hubNumbers: () => hubNumbersOf(numbered),
    metricsText: (format) => metricsTextOf({ ...numbered, registry }, format),
  });
  const server = new HttpServer({
    ...settings,
    routes,
    crossOrigin: new CrossOrigin(settings.allowedOrigins),
    door,
    outside,
    open: openRequests,
    audit,
    maxConnections: settings.maxStreams + SPARE_CONNECTIONS,
  });
  const listener = opened.use(server.listener({ hostNames, secure: tls?.secure ?? null }));
  await intake.recall();
  await shares.resume();
  const port = await listener.listen(settings.host, settings.port);
  const address = urlHostOf(settings.host);
  const origin = tls === null ? `http://${address}:${port}` : `https://${nameFor(tls.pair, address)}:${port}`;
  writeRuntimeFile(settings.dataDir, {
    // Programs of this machine need no name: they know the certificate.
    url: `${tls === null ? 'http' : 'https'}://${address}:${port}`,
    token: ownerToken,
    pid: process.pid,
    certificateFile: tls?.pair.certificateFile ?? null,
  });
  opened.defer(() => removeRuntimeFile(settings.dataDir, ownerToken));
  chronicle?.begin();
  audit.record({ kind: 'hub-started', actor: hubItself, details: { version: settings.version } });
  opened.use(reach);
  opened.use(broadcaster);
  opened.use(polls);

  if (tls !== null) opened.use(tls.watch());
  const timer = startCoarseTimer(settings, { registry, alerting, broadcaster, loopDelay });
  opened.defer(() => clearInterval(timer));
  const sink = keepingSink(registry, archive);
  for (const observer of settings.observers) {
    opened.use(observer);
    observer.start(sink).catch((error: unknown) => settings.report(error as Error));
  }

  opened.use(upstreams);
  await upstreams.resume();
  opened.use(interop);
  await interop.resume();

  await reach.resume();

  // Closed first: who comes now finds the port free for the next hub.
  opened.defer(() => {
    reach.stopListening();
    listener.stopListening();
  });

  const closing = opened.move();
  return {
    origin,
    port,
    ownerToken,
    certificate: tls && { file: tls.pair.certificateFile, fingerprint: tls.pair.fingerprint },
    launchUrl: () => `${origin}/#ticket=${tickets.issue()}`,
    base: () => reach.base(),
    sink: registry,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

function logArchiveOf(settings: HubSettings, epoch: string): LogArchive {
  const { dataDir, logArchiveBytes: maxBytes, logArchiveMs: maxAgeMs, report } = settings;
  return new LogArchive({ dataDir, epoch, maxBytes, maxAgeMs, report });
}

function historyOf(settings: HubSettings): HistoryStore {
  const { dataDir, historyBytes: maxBytes, historyLadder: ladder, report } = settings;
  return new HistoryStore({ dataDir, maxBytes, ladder, report });
}

function chronicleOf(settings: HubSettings, history: HistoryStore): Chronicle {
  return new Chronicle({ ...settings, storeTrouble: () => history.trouble, wroteAt: history.wroteAt });
}

/** One timer for all that is looked at now and then: host statuses, alerts, stalled readers, the loop's own delay. */
function startCoarseTimer(
  settings: HubSettings,
  watched: { registry: HostRegistry; alerting: Alerting; broadcaster: Broadcaster; loopDelay: LoopDelay },
): NodeJS.Timeout {
  const { registry, alerting, broadcaster, loopDelay } = watched;
  const everyMs = Math.min(1_000, Math.max(50, settings.outboxMs / 4));
  return setInterval(() => {
    const now = performance.now();
    loopDelay.tick(now, everyMs);
    registry.checkStatuses(now);
    alerting.check();
    broadcaster.reap(now);
  }, everyMs);
}

/** The address itself where the certificate is for it, else what the certificate is for. */
function nameFor({ isFor, dnsNames }: TlsPair, address: string): string {
  return isFor(address.replace(/^\[|\]$/g, '')) ? address : (dnsNames[0] ?? address);
}

/** A browser cannot open "every address": it is sent to this machine. */
function urlHostOf(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
