/** The judge: holds what is measured against the rules, and says when something fires and when it has ended. */
import type { StreamEvent } from '../../shared/events.ts';
import type { Alert, AlertMeasure, AlertRule } from '../../shared/schema/alerts.ts';
import type { Host } from '../../shared/schema/host.ts';
import type { Filesystems } from '../../shared/schema/slow-tiers.ts';
import { totalsOf } from '../../shared/series.ts';
import { OFFLINE_AFTER_INTERVALS } from '../../shared/protocol.ts';
import type { Alerts } from './alerts.ts';
import { isMeant, Silences } from './silences.ts';
import { Watch, type Reading } from './watch.ts';

/** After the hub started, or slept: agents are given this long to come back before their silence counts, in milliseconds. */
export const GRACE_MS = 60_000;
/** Between two looks; more of it means that the hub was asleep, or its clock was set. */
const JUMP_MS = 10_000;
/** What fired before the hub was started, of a host that did not come back with it, is let go of after this long. */
const FORGOTTEN_MS = 10 * 60_000;
/** Filesystems are read every few seconds, whatever the interval of samples: so long there may be nothing, in milliseconds. */
const LEAST_PATIENCE_MS = 60_000;
/** Of a mount: one that is called longer is not judged, since what fires is kept whatever room it takes. */
export const MAX_SUBJECT_LENGTH = 1_024;

type WatchedHost = Pick<Host, 'id' | 'intervalMs' | 'status' | 'lastSeen'>;

export interface JudgeOptions {
  alerts: Alerts;
  ruleOf: (measure: AlertMeasure) => AlertRule;
  /** All that the hub knows. */
  hosts: () => Iterable<WatchedHost>;
  /** Null: this hub does not know it, or not yet. */
  hostOf: (id: string) => WatchedHost | null;
}

/** While it fires, that it became worse is told where it did by so many percent, and at most so often, in milliseconds. */
const RAISED = { percent: 0.5, everyMs: 60_000 };

/** One rule on one thing of one host. */
interface Judged {
  host: string;
  measure: AlertMeasure;
  subject: string | null;
  watch: Watch;
  /** Of the alert that fires; null: none does. */
  alert: string | null;
  /** The greatest while it held, in percent. */
  peak: number | null;
  /** ... as readers know it, and when they were told, in epoch milliseconds. */
  toldPeak: number | null;
  toldAt: number;
  /** What was measured last, in percent; null: nothing since the hub was started. */
  last: number | null;
  /** Of a filesystem: since when readings leave it out, in epoch milliseconds. */
  missingSince: number | null;
}

export class Judge {
  readonly #options: JudgeOptions;
  /** By host and what of it; only where something holds. */
  readonly #judged = new Map<string, Map<string, Judged>>();
  readonly #silences = new Silences();
  readonly #startedAt: number;
  #graceUntil: number;
  #lookedAt: number;
  #hasForgotten = false;

  /** `now` in epoch milliseconds. */
  constructor(options: JudgeOptions, now = Date.now()) {
    this.#options = options;
    this.#startedAt = now;
    this.#lookedAt = now;
    this.#graceUntil = now + GRACE_MS;
    for (const alert of options.alerts.firing) this.#resume(alert);
    for (const { measure } of options.alerts.firing) this.ruleChanged(options.ruleOf(measure), now);
  }

  /** Of all that is published, what rules are about. What comes late is not of now, and says nothing. */
  take(event: StreamEvent): void {
    if (event.name === 'sample') {
      const { host, time } = event.data;
      const { cpuBusyPercent, memoryUsedPercent } = totalsOf(event.data);
      this.#amount(host, 'cpu', null, cpuBusyPercent, time);
      this.#amount(host, 'memory', null, memoryUsedPercent, time);
    } else if (event.name === 'filesystems') this.#takeFilesystems(event.data);
    else if (event.name === 'gone') this.#dropHost(event.data.host);
  }

  /** To be called every second or so: silence makes no events. */
  check(now = Date.now()): void {
    if (Math.abs(now - this.#lookedAt) > JUMP_MS) {
      this.#graceUntil = now + GRACE_MS;
      this.#silences.clear();
    }
    this.#lookedAt = now;
    for (const host of this.#options.hosts()) {
      const since = this.#silences.since(host, now);
      if (isMeant(host.status) && host.status !== 'pairing') this.#dropSilence(host.id, now);
      if (since !== null && now >= this.#graceUntil) this.#takeSilence(host.id, since, now);
    }
    for (const judged of this.#of('offline')) this.#lookForReturn(judged, now);
    if (!this.#hasForgotten && now >= this.#startedAt + FORGOTTEN_MS) this.#forget(now);
  }

  /** What fires and would not by the rule as it is now, ends; the others end as the rule says now. */
  ruleChanged({ measure, isArmed, above }: AlertRule, now = Date.now()): void {
    for (const judged of this.#of(measure)) {
      const isBelow = above !== null && judged.last !== null && judged.last <= above;
      if (!isArmed || isBelow) this.#drop(judged, now);
    }
  }

  #takeFilesystems({ host, time, mounts }: Filesystems): void {
    const seen = new Set<string>();
    for (const { mount, isReadOnly, usedBytes, availableBytes } of mounts) {
      // An image mounted read-only is always full. As `df` counts: without reserved blocks.
      if (isReadOnly || usedBytes + availableBytes <= 0 || mount.length > MAX_SUBJECT_LENGTH) continue;
      seen.add(mount);
      this.#amount(host, 'disk', mount, (100 * usedBytes) / (usedBytes + availableBytes), time);
    }
    for (const judged of [...(this.#judged.get(host)?.values() ?? [])])
      if (judged.measure === 'disk' && !seen.has(judged.subject!)) this.#miss(judged, time);
  }

  /** One that hangs is left out of a reading or two, and is no other when it is back. */
  #miss(judged: Judged, time: number): void {
    judged.missingSince ??= time;
    if (Math.abs(time - judged.missingSince) >= LEAST_PATIENCE_MS) this.#drop(judged, time);
  }

  #dropSilence(host: string, now: number): void {
    const judged = this.#find(host, 'offline', null);
    if (judged) this.#drop(judged, now);
  }

  #amount(host: string, measure: AlertMeasure, subject: string | null, percent: number, time: number): void {
    const rule = this.#options.ruleOf(measure);
    if (!rule.isArmed) return;
    const isOver = percent > rule.above!;
    let judged = this.#find(host, measure, subject);
    if (judged === undefined) {
      if (!isOver) return;
      judged = this.#begin(host, measure, subject);
    }
    judged.last = percent;
    judged.missingSince = null;
    if (isOver) judged.peak = Math.min(100, Math.max(judged.peak ?? 0, percent));
    this.#hold(judged, rule, { time, isOver, isClear: percent < rule.clearBelow! });
  }

  /** It is silent since its last sign of life, not since somebody looked. */
  #takeSilence(host: string, since: number, now: number): void {
    const rule = this.#options.ruleOf('offline');
    if (!rule.isArmed || now - since < rule.forMs) return;
    const judged = this.#find(host, 'offline', null) ?? this.#begin(host, 'offline', null);
    this.#hold(judged, { ...rule, forMs: 0 }, { time: now, isOver: true, isClear: false }, since);
  }

  /** One that is known again and has sent nothing yet is not back. */
  #lookForReturn(judged: Judged, now: number): void {
    const status = this.#options.hostOf(judged.host)?.status;
    const isClear = status === 'live' || status === 'backfilling';
    this.#hold(judged, this.#options.ruleOf('offline'), { time: now, isOver: !isClear, isClear });
  }

  #hold(judged: Judged, rule: AlertRule, reading: Reading, since?: number): void {
    const { alerts } = this.#options;
    const { host, measure, subject, watch, peak } = judged;
    const patienceMs = Math.max(
      LEAST_PATIENCE_MS,
      OFFLINE_AFTER_INTERVALS * (this.#options.hostOf(host)?.intervalMs ?? 0),
    );
    const isLeftOut = reading.isOver && !watch.isFiring && !alerts.hasRoomFor(host);
    const verdict = watch.take(isLeftOut ? { ...reading, isOver: false } : reading, rule, patienceMs);
    if (verdict === 'fires') {
      const { level, above } = rule;
      const began = since ?? watch.since ?? reading.time;
      const draft = { host, measure, subject, level, since: began, firedAt: reading.time, above, peak };
      judged.alert = alerts.fire(draft).id;
      judged.toldPeak = peak;
      judged.toldAt = reading.time;
    } else if (verdict === 'clears' && judged.alert !== null) {
      alerts.end(judged.alert, { endedAt: reading.time, ending: 'cleared', peak });
    } else if (watch.isFiring) this.#raise(judged, reading.time);
    if (watch.isIdle) this.#remove(judged);
  }

  #raise(judged: Judged, time: number): void {
    const { alert, peak, toldPeak, toldAt } = judged;
    if (alert === null || peak === null || Math.abs(time - toldAt) < RAISED.everyMs) return;
    if (peak - (toldPeak ?? 0) < RAISED.percent) return;
    this.#options.alerts.raise(alert, peak);
    judged.toldPeak = peak;
    judged.toldAt = time;
  }

  #dropHost(host: string, now = Date.now()): void {
    this.#silences.forget(host);
    for (const judged of [...(this.#judged.get(host)?.values() ?? [])]) this.#drop(judged, now);
  }

  #drop(judged: Judged, now: number): void {
    if (judged.alert !== null)
      this.#options.alerts.end(judged.alert, { endedAt: now, ending: 'dropped', peak: judged.peak });
    this.#remove(judged);
  }

  /** What nobody can tell the end of: its host is not known any more. */
  #forget(now: number): void {
    this.#hasForgotten = true;
    for (const host of [...this.#judged.keys()])
      if (this.#options.hostOf(host) === null) this.#dropHost(host, now);
  }

  #resume({ id, host, measure, subject, firedAt, peak }: Alert): void {
    const judged = this.#begin(host, measure, subject, new Watch(true));
    Object.assign(judged, { alert: id, peak, toldPeak: peak, toldAt: firedAt } satisfies Partial<Judged>);
  }

  #begin(host: string, measure: AlertMeasure, subject: string | null, watch = new Watch()): Judged {
    const none = { alert: null, peak: null, toldPeak: null, toldAt: 0, last: null, missingSince: null };
    const judged: Judged = { host, measure, subject, watch, ...none };
    this.#watchesOf(host).set(keyOf(measure, subject), judged);
    return judged;
  }

  #find(host: string, measure: AlertMeasure, subject: string | null): Judged | undefined {
    return this.#judged.get(host)?.get(keyOf(measure, subject));
  }

  #watchesOf(host: string): Map<string, Judged> {
    const known = this.#judged.get(host);
    if (known !== undefined) return known;
    const watches = new Map<string, Judged>();
    this.#judged.set(host, watches);
    return watches;
  }

  #remove({ host, measure, subject }: Judged): void {
    const watches = this.#judged.get(host);
    watches?.delete(keyOf(measure, subject));
    if (watches?.size === 0) this.#judged.delete(host);
  }

  #of(measure: AlertMeasure): Judged[] {
    if (this.#judged.size === 0) return [];
    return [...this.#judged.values()]
      .flatMap((watches) => [...watches.values()])
      .filter((judged) => judged.measure === measure);
  }
}

function keyOf(measure: AlertMeasure, subject: string | null): string {
  return subject === null ? measure : `${measure} ${subject}`;
}
