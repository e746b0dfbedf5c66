/** The texts of the Events screen. */
import type { AlertMeasure } from '../../../shared/schema/alerts.ts';
import type { HostStatus } from '../../../shared/schema/host.ts';
import type { SourceState } from '../../../shared/schema/logs.ts';
import type { Channel } from '../../../shared/event-rules.ts';
import type { Gap } from '../../../shared/schema/stream.ts';
import { counted } from '../../messages.ts';

const gapReasons: Record<Gap['reason'], string> = {
  'slow-reader': 'this page read too slowly',
  'source-overflow': 'more came than could be read',
  'source-reset': 'the source began anew',
  offline: 'offline',
  asleep: 'asleep',
  'host-paused': 'paused by the owner',
  'spool-overflow': "the agent's spool was full",
  'spool-damaged': "the agent's spool was damaged",
};

const missing: Record<Channel, string> = {
  logs: 'Log lines missing',
  metrics: 'No samples',
  processes: 'No process table',
  state: 'Changes missing',
};

const sourceStates: Partial<Record<SourceState, string>> = {
  denied: 'No permission to read',
  failed: 'Cannot be read',
  lagging: 'Falls behind',
  following: 'Followed again',
};

const statuses: Record<HostStatus, string> = {
  pairing: 'Pairing',
  live: 'Live',
  stale: 'Went silent',
  offline: 'Went offline',
  backfilling: 'Catching up on what was missed',
  asleep: 'Fell asleep',
  paused: 'Paused',
  incompatible: 'Speaks another version than this hub',
};

/** The same on several hosts. */
const bursts: Record<AlertMeasure, (hosts: string) => string> = {
  cpu: (hosts) => `${hosts} with a busy CPU`,
  memory: (hosts) => `${hosts} short of memory`,
  disk: (hosts) => `${hosts} with a full disk`,
  offline: (hosts) => `${hosts} offline`,
};

export const eventsMessages = {
  firing: 'Firing',
  firingSince: (moment: string, duration: string) => `since ${moment} (${duration})`,
  burst: (measure: AlertMeasure, hosts: number) => bursts[measure](counted(hosts, 'host', 'hosts')),
  stillFire: (count: number) => `${count.toLocaleString('en')} still ${count === 1 ? 'fires' : 'fire'}`,
  forUpTo: (duration: string) => `for up to ${duration}`,
  acknowledge: 'Acknowledge',
  acknowledgeAll: 'Acknowledge all',
  acknowledging: 'Acknowledging',
  /** What is read of a button, which says the deed alone. */
  deedOn: (deed: string, what: string) => `${deed}: ${what}`,
  acknowledgeKey: 'Acknowledge the alert in focus, or under the pointer',
  /** Said aloud, once it is done. */
  acknowledged: (what: string) => `Acknowledged: ${what}`,
  acknowledgedAt: (moment: string) => `Acknowledged ${moment}`,
  nothingFires: 'Nothing fires now.',
  nothingFired: 'Nothing has fired.',
  armed: (count: number) => (count === 0 ? 'No rule is armed' : `${counted(count, 'rule', 'rules')} armed`),
  attention: 'Needs attention now',
  timeline: 'Timeline',
  addNote: 'Add note',
  close: 'Close',
  today: 'Today',
  yesterday: 'Yesterday',
  sources: (state: SourceState, count: number) =>
    count === 1
      ? `${sourceStates[state] ?? state}:`
      : `${sourceStates[state] ?? state}: ${counted(count, 'log source', 'log sources')}`,
  asleep: 'Asleep',
  gone: 'Removed from this hub',
  status: (status: HostStatus, count: number) =>
    count === 1 ? statuses[status] : `${statuses[status]}: ${counted(count, 'host', 'hosts')}`,
  missing: (channel: Channel) => missing[channel],
  gapReason: (reason: Gap['reason']) => gapReasons[reason],
  skipped: (count: number) => `${counted(count, 'line', 'lines')} skipped`,
  stretch: (from: string, to: string, duration: string) => `${from} to ${to} (${duration})`,
  allHosts: 'all hosts',
  openHost: (host: string, clock: string) => `Open ${host} at ${clock}`,
  remove: 'Remove this note',
  emptyTitle: 'Nothing has happened yet',
  emptyText:
    'Alerts, hosts that come and go, gaps, log sources in trouble, notes and deploy markers are listed here as they happen.',
  filters: {
    all: 'All',
    alerts: 'Alerts',
    notes: 'Notes',
    hosts: 'Hosts',
    sources: 'Log sources',
    access: 'Access',
  },
  filterLabel: 'Shown',
  older: 'Show older',
  noneOfKind: 'Nothing of this kind has happened yet.',
  since: (clock: string) =>
    `Alerts and notes of the last 24 hours. Everything else since this page was opened, ${clock}.`,
  sinceWithAccess: (clock: string) =>
    `Alerts and notes of the last 24 hours, and access for as long as it is kept. Everything else since this page was opened, ${clock}.`,
} as const;
