/** The host that an exporter is here: described from its answers, and fed with samples made of two of them. */
import { SampleRates, type Instant } from '../../../collect/metrics/sample-rates.ts';
import type { ObservedHost } from '../../../shared/observer.ts';
import { sample as sampleSchema } from '../../../shared/schema/sample.ts';
import type { HostRegistry } from '../../hosts/host-registry.ts';
import type { KeptLabelFile } from '../../hosts/kept-label-file.ts';
import { numberedId } from '../../hosts/numbered-id.ts';
import { TargetError } from '../target-error.ts';
import type { KeptExporter } from './kept-exporter.ts';
import { inventoryOf, mountsOf, sensorsOf } from './node-machine.ts';
import { NodeMetrics } from './node-metrics.ts';
import { readingOf } from './node-reading.ts';

/** Filesystems and sensors change slowly: they are told no more often. */
const SLOW_TIERS_EVERY_MS = 10_000;
/** Clocks that differ by less are as good as in step: an answer is not of one instant. */
const SKEW_NOTICED_MS = 1_000;

export interface ExporterHostParts {
  registry: HostRegistry;
  labels: Pick<KeptLabelFile, 'of'>;
  /** Whether an id is spoken for, by whomever, though no host of it may be known yet. */
  isClaimed: (id: string) => boolean;
  /** Told who the host is, when that is new. */
  learn: (described: ObservedHost) => void;
}

export class ExporterHost {
  readonly #kept: KeptExporter;
  readonly #parts: ExporterHostParts;
  #described: ObservedHost | null;
  #rates: SampleRates | null = null;
  #slowTiersAt = -Infinity;

  constructor(kept: KeptExporter, parts: ExporterHostParts) {
    this.#kept = kept;
    this.#parts = parts;
    const { registry } = parts;
    const isFree = kept.described !== null && registry.recordOf(kept.described.id) === null;
    this.#described = isFree ? kept.described : null;
    if (this.#described === null) return;
    this.#describe(this.#described);
    registry.follow(this.#described.id, 'offline');
  }

  /** Null: it has not answered yet. */
  get id(): string | null {
    return this.#described?.id ?? null;
  }

  get version(): string | null {
    return this.#described?.agentVersion ?? null;
  }

  /** True: the next answer makes a sample. */
  get hasCounters(): boolean {
    return this.#rates !== null;
  }

  /** `instant` of the answer, which took `tookMs`. Throws a `TargetError` where it is none of a node_exporter. */
  take(text: string, instant: Instant, tookMs: number): void {
    const metrics = new NodeMetrics(text);
    const reading = readingOf(metrics);
    if (reading === null) throw this.#notAnExporter();
    const coreCount = reading.cpu!.cores.length;
    this.#identify(metrics, coreCount, reading.memory.totalBytes);
    const { id } = this.#described!;
    this.#rates ??= new SampleRates({ host: id, wordBits: 64 });
    const bootMs = (metrics.value('node_boot_time_seconds') ?? 0) * 1000;
    const uptimeMs = bootMs > 0 ? Math.max(0, instant.wallMs - bootMs) : 0;
    const sample = this.#rates.next(reading, { ...instant, uptimeMs });
    const { registry } = this.#parts;
    registry.setUplink(id, {
      lagMs: Math.round(tookMs),
      skewMs: skewOf(metrics, instant),
      backfillPercent: null,
      trouble: null,
    });
    if (sample !== null) {
      const parsed = sampleSchema.safeParse(sample);
      if (!parsed.success) throw this.#senseless(parsed.error.issues[0]!.path.join('.'));
      registry.observe({ name: 'sample', data: parsed.data });
    }
    this.#takeSlowTiers(metrics, id, instant);
  }

  /** It does not answer, or not as it should: by the clock it grows stale and goes offline. A rate over the silence would be none. */
  lose(reason: string): void {
    this.#rates = null;
    if (this.id === null) return;
    const skewMs = this.#parts.registry.recordOf(this.id)?.uplink?.skewMs ?? null;
    this.#parts.registry.setUplink(this.id, { lagMs: null, skewMs, backfillPercent: null, trouble: reason });
  }

  pause(): void {
    this.#rates = null;
    if (this.id !== null) this.#parts.registry.hold(this.id, 'paused');
  }

  resume(): void {
    if (this.id !== null) this.#parts.registry.lift(this.id, 'paused');
  }

  forget(): void {
    if (this.id !== null) this.#parts.registry.forget(this.id);
    this.#described = null;
  }

  #identify(metrics: NodeMetrics, coreCount: number, memoryBytes: number): void {
    const { intervalSeconds } = this.#kept;
    const place = new URL(this.#kept.url).host;
    const ownName = metrics.label('node_uname_info', 'nodename') ?? place;
    const wanted = hostIdOf(ownName);
    const id = this.id ?? this.#freeId(wanted);
    const name = this.#kept.name ?? (id === wanted ? ownName : `${ownName} (${place})`);
    const described: ObservedHost = {
      id,
      name: name.slice(0, 255),
      agentVersion: (metrics.label('node_exporter_build_info', 'version') ?? '').slice(0, 64),
      intervalMs: intervalSeconds * 1000,
      inventory: inventoryOf(metrics, coreCount, memoryBytes),
    };
    if (JSON.stringify(described) === JSON.stringify(this.#described)) return;
    this.#described = described;
    this.#describe(described);
    this.#parts.learn(described);
  }

  #describe(described: ObservedHost): void {
    const { registry, labels } = this.#parts;
    registry.describe(described, 'exporter');
    const { group } = this.#kept;
    if (labels.of(described.id) === null) registry.relabel(described.id, { name: null, group, tags: [] });
  }

  #takeSlowTiers(metrics: NodeMetrics, host: string, { wallMs, monotonicMs }: Instant): void {
    if (monotonicMs - this.#slowTiersAt < SLOW_TIERS_EVERY_MS) return;
    this.#slowTiersAt = monotonicMs;
    const { registry } = this.#parts;
    const time = Math.round(wallMs);
    registry.observe({ name: 'filesystems', data: { host, time, mounts: mountsOf(metrics) } });
    const sensors = sensorsOf(metrics);
    registry.observe({ name: 'sensors', data: { host, time, ...sensors } });
  }

  #freeId(wanted: string): string {
    const { registry, isClaimed } = this.#parts;
    return numberedId(wanted, (id) => registry.recordOf(id) !== null || isClaimed(id));
  }

  #notAnExporter(): TargetError {
    return new TargetError(
      `${this.#kept.url} answers, but not with the metrics of a node_exporter: CPU times or memory are missing.`,
      'Check port and path, which are 9100 and /metrics as it comes, and that its collectors "cpu" and "meminfo" are on.',
      false,
    );
  }

  #senseless(field: string): TargetError {
    return new TargetError(
      `${this.#kept.url} tells numbers that make no sense (${field}).`,
      'Check what answers there.',
      true,
    );
  }
}

/** What a machine calls itself, as an id: letters, digits, dots, hyphens and underscores. */
export function hostIdOf(name: string): string {
  const id = name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return id.slice(0, 64) || 'exporter';
}

function skewOf(metrics: NodeMetrics, { wallMs }: Instant): number | null {
  const seconds = metrics.value('node_time_seconds');
  if (seconds === null) return null;
  const skewMs = seconds * 1000 - wallMs;
  return Math.abs(skewMs) < SKEW_NOTICED_MS ? 0 : Math.round(skewMs);
}
