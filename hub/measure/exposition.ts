/** Writes Prometheus' text exposition format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). */

export type Labels = Record<string, string>;

export class Exposition {
  #text = '';

  /** One metric with all of its series; null values and metrics without a series are left out. */
  add(
    type: 'gauge' | 'counter',
    name: string,
    help: string,
    series: Iterable<readonly [Labels, number | null]>,
  ): void {
    let lines = '';
    for (const [labels, value] of series) {
      if (value !== null) lines += `${name}${labelText(labels)} ${value}\n`;
    }
    if (lines !== '') this.#text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines}`;
  }

  gauge(name: string, help: string, value: number | null): void {
    this.add('gauge', name, help, [[{}, value]]);
  }

  counter(name: string, help: string, value: number): void {
    this.add('counter', name, help, [[{}, value]]);
  }

  toString(): string {
    return this.#text;
  }
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** The format knows three escapes; everything else stands as it is. */
function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
