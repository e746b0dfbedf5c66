/** Since when there is something of a host: found once, as long as there is something. */
import { expect, test } from 'vitest';
import { KeptSince } from '../../../../hub/history/query/kept-since.ts';
import type { HostExtent } from '../../../../hub/history/store/history-reader.ts';

test('the disk is asked once for a host that has a past, and each time for one that may soon have', async () => {
  const asked: string[] = [];
  const oldest: Record<string, number> = { 'web-1': 5 };
  const extent = (host: string): Promise<HostExtent> => {
    asked.push(host);
    return Promise.resolve({ oldest: oldest[host] ?? null, newest: oldest[host] ?? null, keptFrom: [] });
  };
  const keptSince = new KeptSince({ extent });
  const { signal } = new AbortController();
  const of = (host: string) => keptSince.of(host, signal);
  expect([await of('web-1'), await of('web-1'), await of('db-1'), await of('db-1')]).toEqual([
    5,
    5,
    null,
    null,
  ]);
  oldest['db-1'] = 7;
  expect(await of('db-1')).toBe(7);
  expect(asked).toEqual(['web-1', 'db-1', 'db-1', 'db-1']);
});
