/** Constants of the wire contract: both ends of every stream agree on these. */

/** Grows when a reader written for the previous number would misread the stream. */
export const PROTOCOL_VERSION = 1;

/** Time between two samples of one host, unless its agent says otherwise. */
export const DEFAULT_INTERVAL_MS = 1_000;

/** A named `ping` leaves this often on a silent stream; proxies time out at 30 s or more. */
export const HEARTBEAT_MS = 15_000;

/** A page recreates its stream after this much silence: three lost heartbeats. */
export const STREAM_SILENCE_MS = 45_000;

/** First `retry:` the hub sends; clients add their own jitter on top. */
export const RECONNECT_MS = 2_000;

/** A host is stale after this many missed intervals, offline after the second number. */
export const STALE_AFTER_INTERVALS = 3;
export const OFFLINE_AFTER_INTERVALS = 10;

/** Largest request body, and the largest one after decompression. */
export const MAX_BODY_BYTES = 1024 * 1024;
export const MAX_INFLATED_BYTES = 8 * 1024 * 1024;

/** A longer log line is cut here and marked `truncated`. */
export const MAX_LOG_LINE_BYTES = 64 * 1024;

/** Seconds of samples a stream's snapshot carries: by default, and at most (`?recent=`). */
export const DEFAULT_RECENT_SECONDS = 60;
export const MAX_RECENT_SECONDS = 900;

/** Log lines a stream's snapshot carries per host. */
export const SNAPSHOT_LOG_LINES = 200;

/** Where everything lives on a hub. */
export const paths = {
  stream: '/api/v1/stream',
  poll: '/api/v1/poll',
  hosts: '/api/v1/hosts',
  hub: '/api/v1/hub',
  notes: '/api/v1/notes',
  alerts: '/api/v1/alerts',
  alertRules: '/api/v1/alerts/rules',
  events: '/api/v1/events',
  session: '/api/v1/session',
  sessions: '/api/v1/sessions',
  tokens: '/api/v1/tokens',
  tickets: '/api/v1/tickets',
  pair: '/api/v1/pair',
  ingest: '/api/v1/ingest',
  invitations: '/api/v1/invitations',
  agents: '/api/v1/agents',
  upstreams: '/api/v1/upstreams',
  exporters: '/api/v1/exporters',
  remoteWrites: '/api/v1/remote-writes',
  shares: '/api/v1/shares',
  presence: '/api/v1/presence',
  pointers: '/api/v1/pointers',
  audit: '/api/v1/audit',
  logSearch: '/api/v1/logs/search',
  logContext: '/api/v1/logs/context',
  history: '/api/v1/history',
  historyProcesses: '/api/v1/history/processes',
  historyChanges: '/api/v1/history/changes',
  /** A share's page, `/s/<id>`, and below it `/session`. */
  sharePage: '/s',
  reach: '/api/v1/reach',
  authority: '/ca.crt',
  health: '/healthz',
  metrics: '/metrics',
} as const;
