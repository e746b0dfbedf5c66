/**
 * Writes metrics as Prometheus' text exposition format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats), or as
 * OpenMetrics 1.0 (openmetrics.io), which names families without `_total` and `_info`, knows units, and says where it ends.
 */
import type { ExpositionFormat } from './exposition-format.ts';

export type Labels = Record<string, string>;
export type MetricType = 'gauge' | 'counter' | 'info';

/** Takes metrics: null values are unknown. */
export interface MetricSink {
  add(type: MetricType, name: string, help: string, series: Iterable<readonly [Labels, number | null]>): void;
}

/** Endings of names that are units, as OpenMetrics has them. */
const units = ['seconds', 'bytes', 'ratio', 'hertz', 'celsius'] as const;

export class Exposition implements MetricSink {
  readonly #isOpen: boolean;
  #text = '';

  constructor(format: ExpositionFormat = 'text') {
    this.#isOpen = format === 'openmetrics';
  }

  /** One metric with all of its series; null values and metrics without a series are left out. Counters end in `_total`, infos in `_info`. */
  add(
    type: MetricType,
    name: string,
    help: string,
    series: Iterable<readonly [Labels, number | null]>,
  ): void {
    let lines = '';
    for (const [labels, value] of series) {
      if (value !== null) lines += `${name}${labelText(labels)} ${value}\n`;
    }
    if (lines !== '') this.#text += this.#head(type, name, help) + lines;
  }

  gauge(name: string, help: string, value: number | null): void {
    this.add('gauge', name, help, [[{}, value]]);
  }

  counter(name: string, help: string, value: number): void {
    this.add('counter', name, help, [[{}, value]]);
  }

  toString(): string {
    return this.#isOpen ? `${this.#text}# EOF\n` : this.#text;
  }

  #head(type: MetricType, name: string, help: string): string {
    if (!this.#isOpen) {
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type === 'info' ? 'gauge' : type}\n`;
    }
    const family = name.replace(/_(?:total|info)$/, '');
    const unit = units.find((candidate) => family.endsWith(`_${candidate}`));
    return (
      `# TYPE ${family} ${type}\n` +
      (unit === undefined ? '' : `# UNIT ${family} ${unit}\n`) +
      `# HELP ${family} ${help}\n`
    );
  }
}

function labelText(labels: Labels): string {
  let pairs = '';
  for (const name in labels) pairs += `${pairs === '' ? '' : ','}${name}="${escapeLabel(labels[name]!)}"`;
  return pairs === '' ? '' : `{${pairs}}`;
}

/** Both formats know three escapes; everything else stands as it is. */
function escapeLabel(value: string): string {
  if (!/[\\"\n]/.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
