/** What a share tells of alerts: those of its hosts and channels, and nothing that it hides. */
import { expect, test } from 'vitest';
import { pastAlerts, type Alert } from '../../shared/schema/alerts.ts';
import type { ShareRequest } from '../../shared/schema/shares.ts';
import { fillDisk } from '../support/filled-disk.ts';
import { filesystemsOf, observedHost, sampleOf } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { enterShare, makeShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';

const MINUTE = 60_000;
const now = Date.now();

async function twoFullHosts(): Promise<
  { hub: TestHub; web: ScriptedObserver; db: ScriptedObserver } & AsyncDisposable
> {
  const [web, db] = ['web-1', 'db-1'].map(
    (id) =>
      new ScriptedObserver(observedHost(id), [{ name: 'sample', data: { ...sampleOf(id), time: now } }]),
  ) as [ScriptedObserver, ScriptedObserver];
  const hub = await startTestHub({ observers: [web, db] });
  fillDisk(web, 95, now - 9 * MINUTE, 'web-1');
  fillDisk(db, 95, now - 9 * MINUTE, 'db-1');
  return { hub, web, db, [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose]() };
}

/** By both doors, which must say the same. */
async function alertsShown(
  hub: TestHub,
  scope: Partial<NonNullable<ShareRequest['scope']>>,
): Promise<Alert[]> {
  const made = await makeShare(hub, { scope });
  using stream = readStream({ port: hub.port, ownerToken: made.token });
  await stream.until('ready');
  const guest = await enterShare(hub, made.link);
  const { alerts } = pastAlerts.parse(await (await guest.ask('GET', '/api/v1/alerts')).json());
  const told = stream.dataOf('alert').toSorted((a, b) => a.firedAt - b.firedAt);
  expect(told).toEqual(alerts);
  return alerts;
}

test('of its hosts alone', async () => {
  await using watched = await twoFullHosts();
  const shown = await alertsShown(watched.hub, { hosts: ['web-1'], channels: ['metrics'] });
  expect(shown.map(({ host }) => host)).toEqual(['web-1']);
  expect(await alertsShown(watched.hub, { hosts: null, channels: ['metrics'] })).toHaveLength(2);
});

test('of what is measured only where measurements are shared', async () => {
  await using watched = await twoFullHosts();
  expect(await alertsShown(watched.hub, { hosts: null, channels: ['logs'] })).toEqual([]);
});

test('of a live share what ended before is not told, and what fires is', async () => {
  await using watched = await twoFullHosts();
  fillDisk(watched.web, 10, now - 7 * MINUTE, 'web-1');
  const shown = await alertsShown(watched.hub, { hosts: null, channels: ['metrics'], since: 'live' });
  expect(shown.map(({ host, endedAt }) => [host, endedAt])).toEqual([['db-1', null]]);
  expect(await alertsShown(watched.hub, { hosts: null, channels: ['metrics'], since: 0 })).toHaveLength(2);
});

test('of a live share an alert that is known to have ended late does not go on firing', async () => {
  await using watched = await twoFullHosts();
  const scope = { hosts: ['web-1'], channels: ['metrics' as const], since: 'live' as const };
  const { token } = await makeShare(watched.hub, { scope });
  using stream = readStream({ port: watched.hub.port, ownerToken: token });
  await stream.until('ready');
  const [firing] = stream.dataOf('alert');
  expect(firing).toMatchObject({ endedAt: null, peak: 95 });
  fillDisk(watched.web, 10, now - 7 * MINUTE, 'web-1');
  const { data: ended } = await stream.until('alert', ({ endedAt }) => endedAt !== null);
  // That it is over, and nothing of then.
  expect(ended).toMatchObject({ id: firing!.id, firedAt: ended.endedAt, subject: null, peak: null });
  expect(ended.endedAt).toBeGreaterThan(now - 2 * MINUTE);
});

test('names of hosts are hidden in the names of filesystems as well', async () => {
  const host = new ScriptedObserver(observedHost('web-1', { name: 'acme-web' }));
  await using hub = await startTestHub({ observers: [host] });
  const reading = filesystemsOf('web-1', '/srv/acme-web');
  const mounts = reading.mounts.map((mount) => ({ ...mount, usedBytes: 99, availableBytes: 1 }));
  for (let index = 0; index <= 6; index++)
    host.observe({
      name: 'filesystems',
      data: { ...reading, time: now - 5 * MINUTE + index * 10_000, mounts },
    });
  const redact = { secrets: false, emails: false, addresses: false };
  const [shown] = await alertsShown(hub, { hosts: null, channels: ['metrics'], hidesNames: true, redact });
  expect(shown).toMatchObject({ measure: 'disk', peak: 99 });
  expect(JSON.stringify(shown)).not.toMatch(/acme|web-1/);
});
