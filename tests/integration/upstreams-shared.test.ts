/** A share link pasted as the address of a server: this hub reads that share, and no more than it shows. */
import { expect, test } from 'vitest';
import { askAsOwner } from '../support/agent-client.ts';
import { logLineOf, observedHost, sampleOf } from '../support/observations.ts';
import { makeShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { addUpstream, askUpstreams, hostsOfHub, untilUpstream } from '../support/upstream-client.ts';
import { until } from '../support/until.ts';

const quick = { upstreamRetryMs: 20, upstreamRefusedRetryMs: 50 };

function watch(hub: TestHub, id: string): void {
  hub.sink.describe(observedHost(id));
  hub.sink.observe({ name: 'sample', data: sampleOf(id, 0, { time: Date.now() }) });
}

test('a share link brings the hosts it shows, live, without a token beside it; revoked, they go offline and say why', async () => {
  await using source = await startTestHub();
  await using hub = await startTestHub(quick);
  for (const id of ['web-1', 'db-1']) watch(source, id);
  const { link, share } = await makeShare(source, { scope: { hosts: ['web-1'] } });
  const secret = new URL(link).hash.slice(1);
  using reader = readStream(hub);
  await reader.until('ready');
  const entry = await addUpstream(hub, link);
  await untilUpstream(hub, 'live', entry.id);
  const say = (host: string, text: string) =>
    source.sink.observe({ name: 'log', data: logLineOf(host, 0, { time: Date.now(), text }) });
  say('db-1', 'not shared');
  say('web-1', 'token=abc shared');
  await reader.until('log', ({ text }) => text === 'token=[secret] shared');
  expect((await hostsOfHub(hub)).map(({ host }) => host.id)).toEqual(['web-1']);
  expect(JSON.stringify(reader.events)).not.toContain('db-1');
  expect(JSON.stringify(await (await askUpstreams(hub, 'GET')).json())).not.toContain(secret);
  await askAsOwner(source, 'DELETE', `/api/v1/shares/${share.id}`);
  const refused = await untilUpstream(hub, 'refused', entry.id);
  await until('the reason to be the owner’s', async () =>
    (await untilUpstream(hub, 'refused', entry.id)).reason?.includes('The owner ended this share'),
  );
  expect(refused.hosts).toEqual(['web-1']);
  await askUpstreams(hub, 'DELETE', `/${entry.id}`);
  const log = await (await askAsOwner(hub, 'GET', '/api/v1/audit?limit=2')).text();
  expect(log).toMatch(/upstream-removed[^]*upstream-added/);
  expect(log).toContain(new URL(link).origin);
  expect(log).not.toContain(secret);
});

test('a link and a token together are one too many', async () => {
  await using hub = await startTestHub();
  const link = `https://hub.example/s/abcdefghjkmn#${'k'.repeat(43)}`;
  const answer = await askUpstreams(hub, 'POST', '', { url: link, token: 'x'.repeat(43) });
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('its own token')]);
});
