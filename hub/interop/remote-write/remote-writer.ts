/** One place that samples are written to, for as long as it is wanted: every few seconds what is new, and after an outage what was missed. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Trust } from '../../../link/tls/trust.ts';
import type { RemoteWriteEntry } from '../../../shared/schema/interop.ts';
import type { HostRegistry } from '../../hosts/host-registry.ts';
import { Backoff } from '../../upstreams/backoff.ts';
import { TargetConnection } from '../ask-target.ts';
import { TargetError } from '../target-error.ts';
import {
  authorizationOf,
  isRefusal,
  reasonOf,
  TargetStanding,
  type Target,
  type TargetParts,
} from '../target.ts';
import type { HostRowsParts } from './host-rows.ts';
import type { KeptRemoteWrite } from './kept-remote-write.ts';
import { WritePost, type WriteOutcome } from './post-write.ts';
import { hubUp, presentSeries } from './present-series.ts';
import { MADE_UP_FOR_MS, waitingSince, writePass } from './write-pass.ts';
import type { WrittenSeries } from './written-series.ts';
import { WrittenUntil } from './written-until.ts';

export interface RemoteWriterOptions extends TargetParts, HostRowsParts {
  kept: KeptRemoteWrite;
  /** Keeps how far it is. */
  file: string;
  registry: HostRegistry;
  /** Between two passes where steps are of 5 s or less; longer steps have longer passes. */
  passMs: number;
}

export class RemoteWriter implements Target<RemoteWriteEntry> {
  readonly #options: RemoteWriterOptions;
  readonly #until: WrittenUntil;
  readonly #standing = new TargetStanding();
  readonly #backoff: Backoff;
  #sent = 0;
  #refused = 0;
  #refusal: string | null = null;
  #lastSent: number | null = null;
  #stop: AbortController | null = null;
  #writing: Promise<void> = Promise.resolve();
  #isUnsavable = false;

  constructor(options: RemoteWriterOptions) {
    this.#options = options;
    this.#until = new WrittenUntil(options.file);
    this.#backoff = new Backoff(options.retryMs);
    if (options.kept.paused) this.#standing.turn('paused');
    else this.start();
  }

  get entry(): RemoteWriteEntry {
    const { id, url, pin, everySeconds, labels, tenant } = this.#options.kept;
    const since = waitingSince({ ...this.#options, until: this.#until, stepMs: this.#stepMs });
    const behindMs = since === null ? 0 : Date.now() - since;
    return {
      id,
      url,
      ...this.#standing.told,
      pin,
      everySeconds,
      labels,
      tenant,
      sent: this.#sent,
      refused: this.#refused,
      refusal: this.#refusal,
      // What waits for its step and its pass is not behind.
      behindMs: behindMs > 2 * this.#everyMs + this.#stepMs ? behindMs : null,
      lastSent: this.#lastSent,
    };
  }

  start(): void {
    if (this.#stop !== null) return;
    this.#stop = new AbortController();
    this.#standing.turn('connecting');
    this.#writing = this.#writeOnAndOn(this.#stop.signal);
  }

  async pause(): Promise<void> {
    await this[Symbol.asyncDispose]();
    this.#standing.turn('paused');
  }

  async remove(): Promise<void> {
    await this[Symbol.asyncDispose]();
    await this.#until.erase();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop?.abort();
    this.#stop = null;
    await this.#writing;
    await this.#save();
  }

  get #stepMs(): number {
    return this.#options.kept.everySeconds * 1000;
  }

  get #everyMs(): number {
    return this.#options.passMs * Math.max(1, this.#options.kept.everySeconds / 5);
  }

  async #writeOnAndOn(signal: AbortSignal): Promise<void> {
    const { kept, guard, keyring } = this.#options;
    const trust: Trust = kept.pin === null ? { kind: 'system' } : { kind: 'pin', pin: kept.pin };
    const url = new URL(kept.url);
    using connection = new TargetConnection(url, trust, guard);
    const post = new WritePost(url, connection, () => ({
      ...authorizationOf(kept, keyring),
      ...(kept.tenant !== null && { 'x-scope-orgid': kept.tenant }),
    }));
    while (!signal.aborted) {
      let waitMs = this.#everyMs;
      try {
        await this.#write(post, signal);
      } catch (error) {
        if (signal.aborted) return;
        waitMs = this.#explain(error as Error);
      }
      await this.#save();
      // Cut short by disposal, which is no failure.
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #write(post: WritePost, signal: AbortSignal): Promise<void> {
    const write = async (series: readonly WrittenSeries[]): Promise<WriteOutcome> => {
      const outcome = await post.write(this.#named(series), signal);
      this.#count(outcome);
      return outcome;
    };
    if (this.#standing.state !== 'live') {
      await post.greet(this.#named([hubUp(Date.now())]), signal);
      this.#backoff.reset();
      this.#standing.turn('live');
    }
    const parts = { ...this.#options, until: this.#until, stepMs: this.#stepMs, write };
    // Saved in between: an hour of making up for days is not to be done twice.
    while (await writePass(parts, signal)) await this.#save();
    await write(presentSeries([...this.#options.registry.records], Date.now()));
  }

  /** A series' own labels stand; those of the target are added. Ids of hosts are often no names: `instance` is what people call it. */
  #named(series: readonly WrittenSeries[]): WrittenSeries[] {
    const { registry, kept } = this.#options;
    return series.map((one) => {
      const host = registry.recordOf(one.labels['host'] ?? '')?.host ?? null;
      const instance = host === null ? {} : { instance: host.name };
      return { ...one, labels: { job: 'watchline', ...instance, ...kept.labels, ...one.labels } };
    });
  }

  #count({ taken, refused, refusal }: WriteOutcome): void {
    this.#sent += taken;
    this.#refused += refused;
    this.#refusal = refusal ?? this.#refusal;
    if (taken > 0) this.#lastSent = Date.now();
  }

  /** What went wrong, for people; and how long to wait. Nothing is lost: it is read again from where it was. */
  #explain(error: Error): number {
    const isFinal = isRefusal(error);
    this.#standing.turn(isFinal ? 'refused' : 'waiting', reasonOf(error));
    const askedForMs = error instanceof TargetError ? (error.retryAfterMs ?? 0) : 0;
    return this.#backoff.nextMs(Math.max(isFinal ? this.#options.refusedRetryMs : 0, askedForMs));
  }

  async #save(): Promise<void> {
    try {
      await this.#until.save(Date.now() - MADE_UP_FOR_MS);
      this.#isUnsavable = false;
    } catch (error) {
      if (!this.#isUnsavable) this.#options.report(error as Error);
      this.#isUnsavable = true;
    }
  }
}
