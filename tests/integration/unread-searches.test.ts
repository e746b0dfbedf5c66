/** Searches whose answers nobody reads: what they take of the hub's memory is bounded, and viewers take none of it from the owner. */
import { expect, test } from 'vitest';
import { paths } from '../../shared/protocol.ts';
import { searchProblems } from '../../shared/schema/log-search.ts';
import { problem } from '../../shared/snapshot.ts';
import { bearer } from '../support/callers.ts';
import { logLineOf, observedHost } from '../support/observations.ts';
import { connectRaw, getRequest, type RawConnection } from '../support/raw-request.ts';
import { makeShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

const all = `${paths.logSearch}?limit=5000`;
const few = `${paths.logSearch}?limit=1`;

/** 6 MB: more than what the kernel takes of an answer that is not read. */
async function keepLines(hub: TestHub): Promise<void> {
  const text = '€'.repeat(20_000);
  for (let line = 0; line < 100; line++) {
    hub.sink.observe({ name: 'log', data: logLineOf('web-1', line, { time: Date.now(), text }) });
    // All of it at once is more than waits for a disk.
    if (line % 100 === 99) await (await hub.get(few)).text();
  }
}

/** Takes nothing of the answer but its head. */
async function searchUnread(hub: TestHub, token: string): Promise<RawConnection> {
  const { host, port } = new URL(hub.origin);
  const connection = connectRaw(Number(port), getRequest(all, { Host: host, ...bearer(token) }));
  connection.socket.once('data', () => connection.socket.pause());
  await until('the answer to begin', () => connection.text() !== '');
  return connection;
}

/** Empty where it was answered, to its end. */
async function codeOf(response: Response): Promise<string> {
  const text = await response.text();
  return response.status === 200 ? '' : problem.parse(JSON.parse(text)).error.code;
}

test('answers that are not read are waited for before there are more', async () => {
  await using hub = await startTestHub();
  hub.sink.describe(observedHost());
  await keepLines(hub);
  const [first, second] = [
    await makeShare(hub, { scope: { since: 0 } }),
    await makeShare(hub, { scope: { since: 0 } }),
  ];
  const search = async (token: string) => codeOf(await fetch(hub.origin + few, { headers: bearer(token) }));

  // One of each viewer, also when the search itself has long been over.
  using unread = await searchUnread(hub, first.token);
  await until('the search to be over', async () => (await search(second.token)) === '');
  expect(await search(first.token)).toBe(searchProblems.busy);
  expect(await search(second.token)).toBe('');
  unread[Symbol.dispose]();
  await until('the viewer to be let in again', async () => (await search(first.token)) === '');

  using stack = new DisposableStack();
  const open: RawConnection[] = [];
  await until('the owner to be asked to read first', async () => {
    open.push(stack.use(await searchUnread(hub, hub.ownerToken)));
    return open.at(-1)!.text().startsWith('HTTP/1.1 429 ');
  });
  // Three may be under way at any time.
  expect(open.length).toBeGreaterThan(2);
  // They are no reason to refuse a viewer.
  expect(await search(second.token)).toBe('');
  for (const connection of open) connection[Symbol.dispose]();
  await until('the owner to be answered again', async () => (await codeOf(await hub.get(few))) === '');
  expect(hub.troubles).toEqual([]);
});
