/** Reads a machine's source again and again and emits what it says: the fast tier each tick, the others when due. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Observation } from '../../shared/events.ts';
import type { Inventory } from '../../shared/schema/host.ts';
import type { Clock } from './clock.ts';
import type { MachineCollector } from './machine-collector.ts';
import type { MachineSource } from './machine-source.ts';
import { SampleRates, type Instant } from './sample-rates.ts';
import { createSuspendWatch } from './suspend-watch.ts';
import { Ticker } from './ticker.ts';

/** Distance of the two readings a first sample is made of. */
const FIRST_INTERVAL_MS = 250;

export interface CollectingLoopOptions {
  host: string;
  intervalMs: number;
  processesIntervalMs: number | null;
  filesystemsIntervalMs: number;
  sensorsIntervalMs: number;
  clock: Clock;
  source: MachineSource;
}

export class CollectingLoop implements MachineCollector {
  readonly #options: CollectingLoopOptions;
  readonly #source: MachineSource;
  readonly #rates: SampleRates;
  readonly #sleptSince: (now: Instant) => number | null;
  readonly #stop = new AbortController();
  /** Slow tiers under way, by name: one that takes long is not started twice. */
  readonly #underway = new Map<string, Promise<void>>();
  readonly #dueMs = new Map<string, number>();
  #emit: (observation: Observation) => void = () => {};
  #ticker: Ticker | null = null;

  constructor(options: CollectingLoopOptions) {
    this.#options = options;
    this.#source = options.source;
    this.#rates = new SampleRates({ host: options.host, wordBits: options.source.wordBits });
    this.#sleptSince = createSuspendWatch({
      intervalMs: options.intervalMs,
      monotonicStopsAsleep: options.clock.monotonicStopsAsleep,
    });
  }

  inventory(): Promise<Inventory> {
    return this.#source.inventory();
  }

  async start(emit: (observation: Observation) => void): Promise<void> {
    this.#emit = emit;
    const first = this.#now();
    this.#sleptSince(first);
    await this.#firstSample();
    if (this.#stop.signal.aborted) return;
    this.#ticker = new Ticker({
      intervalMs: this.#options.intervalMs,
      clock: this.#options.clock,
      step: () => this.tick(),
    });
  }

  /** One turn of the loop; public so that a test can turn it by hand. */
  async tick(): Promise<void> {
    const now = this.#now();
    const asleepFromMs = this.#sleptSince(now);
    if (asleepFromMs === null) return this.#observe(now);
    this.#emitSleep(asleepFromMs, now.wallMs);
    // Two readings of now: no rate spans the sleep.
    await this.#firstSample();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#emit = () => {};
    this.#stop.abort();
    await this.#ticker?.[Symbol.asyncDispose]();
    await Promise.all(this.#underway.values());
    await this.#source[Symbol.asyncDispose]();
  }

  async #firstSample(): Promise<void> {
    const now = this.#now();
    this.#rates.next(await this.#source.read(now), now);
    if (this.#options.processesIntervalMs !== null) await this.#source.processes(now);
    await this.#pause(FIRST_INTERVAL_MS);
    if (!this.#stop.signal.aborted) await this.#observe(this.#now());
  }

  async #observe(now: Instant): Promise<void> {
    const sample = this.#rates.next(await this.#source.read(now), now);
    if (sample) this.#emit({ name: 'sample', data: sample });
    if (this.#isDue('processes', this.#options.processesIntervalMs, now)) await this.#observeProcesses(now);
    if (this.#isDue('filesystems', this.#options.filesystemsIntervalMs, now)) this.#observeFilesystems();
    if (this.#isDue('sensors', this.#options.sensorsIntervalMs, now)) this.#observeSensors();
  }

  async #observeProcesses(now: Instant): Promise<void> {
    const table = await this.#source.processes(now);
    if (!table) return;
    this.#emit({
      name: 'processes',
      data: { host: this.#options.host, time: Math.round(now.wallMs), ...table },
    });
  }

  #observeFilesystems(): void {
    this.#inBackground('filesystems', async () => {
      const mounts = await this.#source.filesystems();
      this.#emit({ name: 'filesystems', data: { host: this.#options.host, time: this.#time(), mounts } });
    });
  }

  #observeSensors(): void {
    this.#inBackground('sensors', async () => {
      const readings = await this.#source.sensors();
      this.#emit({ name: 'sensors', data: { host: this.#options.host, time: this.#time(), ...readings } });
    });
  }

  #emitSleep(fromMs: number, toMs: number): void {
    this.#emit({
      name: 'gap',
      data: {
        host: this.#options.host,
        channel: 'metrics',
        reason: 'asleep',
        from: Math.round(fromMs),
        to: Math.round(toMs),
        count: null,
      },
    });
  }

  /** Slow tiers ride on ticks: one that is due within half an interval is due now. */
  #isDue(tier: string, everyMs: number | null, now: Instant): boolean {
    if (everyMs === null) return false;
    const dueMs = this.#dueMs.get(tier) ?? -Infinity;
    if (now.monotonicMs < dueMs - this.#options.intervalMs / 2) return false;
    this.#dueMs.set(tier, now.monotonicMs + everyMs);
    return true;
  }

  #inBackground(tier: string, observe: () => Promise<void>): void {
    if (this.#underway.has(tier)) return;
    this.#underway.set(
      tier,
      observe().finally(() => this.#underway.delete(tier)),
    );
  }

  #now(): Instant {
    const { clock } = this.#options;
    return { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs(), uptimeMs: clock.uptimeMs() };
  }

  #time(): number {
    return Math.round(this.#options.clock.wallMs());
  }

  async #pause(ms: number): Promise<void> {
    // Cut short by disposal, which is no failure.
    await delay(ms, undefined, { signal: this.#stop.signal }).catch(() => {});
  }
}
