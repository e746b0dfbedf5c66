/**
 * Every event of the stream in one table: its name, its channel, and how it is delivered to a reader that falls behind. Without
 * the schemas of their data (shared/events.ts): who sends needs the rules, who reads needs both.
 */
export const channels = ['metrics', 'processes', 'logs', 'state'] as const;
export type Channel = (typeof channels)[number];

/**
 * What happens to an event when its reader is slow:
 * - `conflate`: only the newest per host is kept;
 * - `count`: it is left out and counted in a `gap`;
 * - `must`: it arrives, or the stream is cut and the reader resumes by cursor.
 */
export type Delivery = 'conflate' | 'count' | 'must';

export interface EventRule {
  /** Null: sent to one stream only, whatever its channels. */
  channel: Channel | null;
  delivery: Delivery;
  /** `owner`: for nobody else. `readers`: for who may see the hosts it is about; what is about none is for all. */
  audience: 'readers' | 'owner';
}

export const eventRules = {
  // Of hosts: these travel over the bus and carry a cursor of their own.
  host: { channel: 'state', delivery: 'must', audience: 'readers' },
  gone: { channel: 'state', delivery: 'must', audience: 'readers' },
  source: { channel: 'state', delivery: 'must', audience: 'readers' },
  sample: { channel: 'metrics', delivery: 'conflate', audience: 'readers' },
  backfill: { channel: 'metrics', delivery: 'count', audience: 'readers' },
  filesystems: { channel: 'metrics', delivery: 'conflate', audience: 'readers' },
  sensors: { channel: 'metrics', delivery: 'conflate', audience: 'readers' },
  processes: { channel: 'processes', delivery: 'conflate', audience: 'readers' },
  log: { channel: 'logs', delivery: 'count', audience: 'readers' },
  gap: { channel: 'state', delivery: 'must', audience: 'readers' },
  alert: { channel: 'state', delivery: 'must', audience: 'readers' },
  note: { channel: 'state', delivery: 'must', audience: 'readers' },
  // Of people: who watches, where they point, and what was done.
  presence: { channel: 'state', delivery: 'must', audience: 'readers' },
  pointer: { channel: 'state', delivery: 'must', audience: 'readers' },
  audit: { channel: 'state', delivery: 'must', audience: 'owner' },
  // Of the stream itself: made for one subscriber.
  hello: { channel: null, delivery: 'must', audience: 'readers' },
  recent: { channel: null, delivery: 'must', audience: 'readers' },
  ready: { channel: null, delivery: 'must', audience: 'readers' },
  reset: { channel: null, delivery: 'must', audience: 'readers' },
  ping: { channel: null, delivery: 'must', audience: 'readers' },
  bye: { channel: null, delivery: 'must', audience: 'readers' },
} as const satisfies Record<string, EventRule>;
