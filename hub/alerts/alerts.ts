/** The alerts of a hub: those that fire and those that ended within a day in memory, and all that are kept in `alerts.ndjson`. */
import { randomBytes } from 'node:crypto';
import type { StreamEvent } from '../../shared/events.ts';
import { WatchlineError } from '../../shared/errors.ts';
import { ALERTS_KEPT_MS, MAX_ALERTS, type Alert } from '../../shared/schema/alerts.ts';
import type { TimelineFile } from '../timeline-file.ts';
import { alertFileIn } from './alert-file.ts';

/** More do not fire at once, in all and of one host: its 512 filesystems are its own trouble, and not that of the hub and of others. */
export const MAX_FIRING = 1_000;
export const MAX_FIRING_OF_HOST = 64;

export interface AlertsOptions {
  dataDir: string;
  /** Puts an event on the bus. */
  publish: (event: StreamEvent) => void;
  /** Told once when alerts cannot be kept on the disk, or too many fire, and not again before that is over. */
  report: (trouble: Error) => void;
}

/** What is known when one fires. */
export type AlertDraft = Pick<
  Alert,
  'host' | 'measure' | 'subject' | 'level' | 'since' | 'firedAt' | 'above' | 'peak'
>;

export class Alerts implements AsyncDisposable {
  readonly #options: AlertsOptions;
  readonly #file: TimelineFile<Alert>;
  readonly #firing = new Map<string, Alert>();
  /** How many of them by host. */
  readonly #firingOf = new Map<string, number>();
  #saidFull = false;
  /** In the order in which they ended. */
  readonly #ended = new Map<string, Alert>();
  #isUnkept = false;

  constructor(options: AlertsOptions) {
    this.#options = options;
    this.#file = alertFileIn(options.dataDir);
    for (const alert of this.#file.read(Date.now() - ALERTS_KEPT_MS)) this.#hold(alert);
  }

  /** In the order in which they fired, those of the start before included. */
  get firing(): readonly Alert[] {
    return [...this.#firing.values()];
  }

  /** What a stream begins with. */
  get standing(): StreamEvent[] {
    this.#forget();
    return [...this.#ended.values(), ...this.#firing.values()].map((data) => ({ name: 'alert', data }));
  }

  /** Those that fired, or went on, within a stretch of time, both ends included, by `firedAt`. */
  async between(from: number, to: number): Promise<Alert[]> {
    const byId = new Map((await this.#file.readBetween(from, to)).map((alert) => [alert.id, alert]));
    // What the disk could not take is there all the same.
    for (const alert of [...this.#ended.values(), ...this.#firing.values()]) {
      byId.delete(alert.id);
      if (alert.since <= to && (alert.endedAt ?? Infinity) >= from) byId.set(alert.id, alert);
    }
    return [...byId.values()].sort((a, b) => a.firedAt - b.firedAt);
  }

  /** False where as many fire as may; `report` is told when that begins. */
  hasRoomFor(host: string): boolean {
    const ofHost = this.#firingOf.get(host) ?? 0;
    const isFull = this.#firing.size >= MAX_FIRING || ofHost >= MAX_FIRING_OF_HOST;
    if (isFull && !this.#saidFull) this.#options.report(tooMany(host, ofHost));
    this.#saidFull ||= isFull;
    return !isFull;
  }

  /** Readers have it at once. To be asked for room first. */
  fire(draft: AlertDraft): Alert {
    const { host, measure, subject, level, since, firedAt, above, peak } = draft;
    return this.#tell({
      id: randomBytes(8).toString('hex'),
      host,
      measure,
      subject,
      level,
      since,
      firedAt,
      endedAt: null,
      ending: null,
      above,
      peak,
      acknowledgedAt: null,
    });
  }

  /** It has become worse than was told. */
  raise(id: string, peak: number): void {
    const alert = this.#firing.get(id);
    if (alert) this.#tell({ ...alert, peak });
  }

  /** Nothing happens where it does not fire. `peak`: the greatest that was measured, or null. */
  end(id: string, end: { endedAt: number; ending: 'cleared' | 'dropped'; peak: number | null }): void {
    const alert = this.#firing.get(id);
    if (alert) this.#tell({ ...alert, ...end });
  }

  /** Once: who comes second changes nothing. Null: none of this id fires. */
  acknowledge(id: string, now = Date.now()): Alert | null {
    const alert = this.#firing.get(id);
    if (!alert) return null;
    return alert.acknowledgedAt === null ? this.#tell({ ...alert, acknowledgedAt: now }) : alert;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.catchUp(() => this.#held());
  }

  #tell(alert: Alert): Alert {
    this.#hold(alert);
    this.#options.publish({ name: 'alert', data: alert });
    void this.#keep(alert);
    return alert;
  }

  #hold(alert: Alert): void {
    const { id, host, endedAt } = alert;
    if (endedAt === null) {
      if (!this.#firing.has(id)) this.#count(host, 1);
      this.#firing.set(id, alert);
      return;
    }
    if (this.#firing.delete(id)) this.#count(host, -1);
    this.#ended.set(id, alert);
    this.#forget();
  }

  #count(host: string, change: 1 | -1): void {
    const count = (this.#firingOf.get(host) ?? 0) + change;
    if (count > 0) this.#firingOf.set(host, count);
    else this.#firingOf.delete(host);
    if (change < 0) this.#saidFull = false;
  }

  #forget(): void {
    const oldest = Date.now() - ALERTS_KEPT_MS;
    for (const [id, { endedAt }] of this.#ended) {
      if (this.#ended.size > MAX_ALERTS || endedAt! < oldest) this.#ended.delete(id);
    }
  }

  #held(): Alert[] {
    return [...this.#ended.values(), ...this.#firing.values()];
  }

  async #keep(alert: Alert): Promise<void> {
    const trouble = await this.#file.append(alert, () => this.#held());
    if (trouble !== null && !this.#isUnkept) {
      this.#options.report(
        new WatchlineError('alerts-unkept', `Alerts cannot be saved: ${trouble.message}.`, {
          remedy:
            'Make room on the disk; they are saved with the next one, and until then lost when the hub ends.',
          cause: trouble,
        }),
      );
    }
    this.#isUnkept = trouble !== null;
  }
}

function tooMany(host: string, ofHost: number): WatchlineError {
  const isOfHost = ofHost >= MAX_FIRING_OF_HOST;
  return new WatchlineError(
    'alerts-full',
    isOfHost
      ? `${ofHost} alerts fire on ${host}; more of that host are left out.`
      : `${MAX_FIRING} alerts fire; more are left out.`,
    { remedy: 'Look after some of them, or change or disarm a rule in Settings, Alerts.' },
  );
}
