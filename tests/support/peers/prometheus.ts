/** A real Prometheus: it scrapes a hub, and takes what a hub writes. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestHub } from '../start-test-hub.ts';
import { startPeer, type Peer } from './start-peer.ts';

export interface PrometheusOptions {
  /** Keeps its configuration and its data: two in turn go on with the same. */
  folder: string;
  /** The same again: after it was stopped. Default a free one. */
  port?: number;
  /** Scraped every second. Default none. */
  scraped?: Pick<TestHub, 'port' | 'ownerToken'>;
}

export async function startPrometheus({ folder, port, scraped }: PrometheusOptions): Promise<Peer> {
  const file = path.join(folder, 'prometheus.yml');
  await writeFile(file, scraped === undefined ? 'global: {}\n' : scrapingOf(scraped));
  return await startPeer(
    'prometheus',
    (own) => [
      `--config.file=${file}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${own}`,
      '--web.enable-remote-write-receiver',
    ],
    '/-/ready',
    port,
  );
}

function scrapingOf({ port, ownerToken }: Pick<TestHub, 'port' | 'ownerToken'>): string {
  return `scrape_configs:
  - job_name: hub
    scrape_interval: 1s
    scrape_timeout: 1s
    authorization: { credentials: ${ownerToken} }
    static_configs: [{ targets: ['127.0.0.1:${port}'] }]
`;
}

export interface FoundSeries {
  labels: Record<string, string>;
  /** Time in epoch milliseconds, and value. */
  values: [time: number, value: number][];
}

/** All raw values of a selector within the last minutes: `name{host="web-1"}`. */
export async function valuesIn(peer: Peer, selector: string, minutes = 60): Promise<FoundSeries[]> {
  const query = encodeURIComponent(`${selector}[${minutes}m]`);
  const answer = JSON.parse(await peer.get(`/api/v1/query?query=${query}`)) as {
    data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
  };
  return answer.data.result.map(({ metric, values }) => ({
    labels: metric,
    values: values.map(([time, value]) => [Math.round(time * 1000), Number(value)]),
  }));
}
