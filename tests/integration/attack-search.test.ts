/** Viewers who search with expressions that never end: each has one search, all together leave one free, and the stream goes on. */
import { expect, test } from 'vitest';
import { paths } from '../../shared/protocol.ts';
import { searchProblems } from '../../shared/schema/log-search.ts';
import { problem } from '../../shared/snapshot.ts';
import { bearer } from '../support/callers.ts';
import { logLineOf, observedHost } from '../support/observations.ts';
import { makeShare } from '../support/share-client.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';

const endless = `${paths.logSearch}?filter=${encodeURIComponent('/^(a+)+$/')}`;

test('searches that hang keep nobody else from searching, nor from the stream', async () => {
  await using hub = await startTestHub();
  hub.sink.describe(observedHost());
  hub.sink.observe({
    name: 'log',
    data: logLineOf('web-1', 0, { time: Date.now(), text: `${'a'.repeat(60)}!` }),
  });
  using reader = readStream(hub);
  await reader.until('ready');
  const tokens: string[] = [];
  for (let viewer = 0; viewer < 3; viewer++)
    tokens.push((await makeShare(hub, { scope: { since: 0 } })).token);
  const leaving = new AbortController();
  const search = (token: string, path = endless) =>
    fetch(hub.origin + path, { headers: bearer(token), signal: leaving.signal });
  const codeOf = async (response: Response) => problem.parse(await response.json()).error.code;

  // Both have begun: their first record is there, and the next will never be.
  const hanging = await Promise.all([search(tokens[0]!), search(tokens[1]!)]);
  for (const token of [tokens[0]!, tokens[2]!]) {
    const refused = await search(token);
    expect(refused.status).toBe(429);
    expect(await codeOf(refused)).toBe(searchProblems.busy);
  }
  const own = await hub.get(`${paths.logSearch}?filter=aaa`);
  expect(own.status).toBe(200);
  expect(await own.text()).toContain('"matched":1');
  hub.sink.observe({ name: 'log', data: logLineOf('web-1', 1, { text: 'meanwhile' }) });
  await reader.until('log', ({ text }) => text === 'meanwhile');
  leaving.abort();
  await Promise.allSettled(hanging.map((response) => response.text()));
  expect(hub.troubles).toEqual([]);
});
