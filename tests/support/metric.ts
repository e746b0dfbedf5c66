/** Reads one series of a hub's `/metrics`. */
import type { TestHub } from './start-test-hub.ts';

/** `series` with its labels as they stand: `watchline_hub_cuts_total{reason="stalled"}`. Null where it is absent. */
export async function metric(hub: Pick<TestHub, 'get'>, series: string): Promise<number | null> {
  const text = await (await hub.get('/metrics')).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? null : Number(line.slice(series.length + 1));
}
