/** Guessing secrets: every door that takes one counts together, the right one still passes, and nothing is flooded by the refusals. */
import { expect, test } from 'vitest';
import { paths } from '../../shared/protocol.ts';
import type { AuditEntry } from '../../shared/schema/audit.ts';
import { shareHeader } from '../../shared/share-terms.ts';
import { invite } from '../support/agent-client.ts';
import { bearer, logIn } from '../support/callers.ts';
import { exchangeRaw } from '../support/raw-request.ts';
import { enterShare, makeShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';

const wrongSecret = 'A'.repeat(43);

function send(hub: TestHub, path: string, body: unknown): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return fetch(hub.origin + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** A wrong secret at every kind of door. */
async function guesses(hub: TestHub): Promise<Record<string, () => Promise<Response>>> {
  const { share } = await makeShare(hub);
  const get = (headers: Record<string, string>) => fetch(hub.origin + paths.hosts, { headers });
  const { code } = await invite(hub);
  return {
    'a token': () => get(bearer(wrongSecret)),
    'what is no token': () => get({ authorization: 'Basic b3duZXI6b3duZXI=' }),
    "an operator's token": () => get(bearer(`wlo_${wrongSecret}`)),
    "a share's token": () => get(bearer(`wls_${share.id}_${wrongSecret}`)),
    'a session': () => get({ cookie: `watchline_session_${hub.port}=${wrongSecret}` }),
    "a viewer's session": () =>
      get({ cookie: `watchline_share_${share.id}_${hub.port}=${wrongSecret}`, [shareHeader]: share.id }),
    'a stream ticket': () => fetch(`${hub.origin}${paths.stream}?ticket=${wrongSecret}`),
    'a launch ticket': () => send(hub, paths.session, { ticket: wrongSecret }),
    "a share's secret": () => send(hub, `${paths.sharePage}/${share.id}/session`, { secret: wrongSecret }),
    "a share's id": () => send(hub, `${paths.sharePage}/aaaaaaaaaaaa/session`, { secret: wrongSecret }),
    'a pairing code': () =>
      send(hub, paths.pair, {
        protocol: 1,
        code: `${code.slice(0, 5)}${code.endsWith('A') ? 'BBBB' : 'AAAA'}`,
        host: { id: 'evil', name: 'evil' },
        agentVersion: '1',
      }),
  };
}

test('every door counts: after twenty wrong secrets of any kind, each kind is refused with 429, and the right ones pass', async () => {
  await using hub = await startTestHub();
  const { link, token } = await makeShare(hub);
  const cookie = await logIn(hub);
  const doors = Object.entries(await guesses(hub));
  const statuses: number[] = [];
  while (statuses.length < 20) {
    const response = await doors[statuses.length % doors.length]![1]();
    statuses.push(response.status);
  }
  expect(new Set(statuses)).toEqual(new Set([401, 403]));
  for (const [what, guess] of doors) {
    const response = await guess();
    expect([what, response.status]).toEqual([what, 429]);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  // Whoever has the right one is not locked out by a program that guesses from the same address.
  for (const headers of [bearer(hub.ownerToken), bearer(token), { cookie }])
    expect((await fetch(hub.origin + paths.hosts, { headers })).status).toBe(200);
  expect((await (await enterShare(hub, link)).ask('GET', paths.hosts)).status).toBe(200);
});

test('headers that claim another address change nothing', async () => {
  await using hub = await startTestHub();
  const ask = (at: number) =>
    exchangeRaw(
      hub.port,
      [
        `GET ${paths.hosts} HTTP/1.1`,
        `Host: 127.0.0.1:${hub.port}`,
        `Authorization: Bearer ${wrongSecret}`,
        `X-Forwarded-For: 198.51.100.${at}`,
        `Forwarded: for=198.51.100.${at}`,
        `X-Real-IP: 198.51.100.${at}`,
        `CF-Connecting-IP: 198.51.100.${at}`,
        'Connection: close',
        '',
        '',
      ].join('\r\n'),
    );
  for (let at = 0; at < 20; at++) expect(await ask(at)).toMatch(/^HTTP\/1\.1 401 /);
  expect(await ask(20)).toMatch(/^HTTP\/1\.1 429 /);
});

test('a flood of refusals is told to the owner in a few lines, and pushes nothing else out of the audit log', async () => {
  await using hub = await startTestHub();
  await makeShare(hub, { label: 'made before the flood' });
  for (let round = 0; round < 4; round++)
    await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        fetch(hub.origin + paths.hosts, { headers: bearer(`${wrongSecret}${at}`) }),
      ),
    );
  const answer = await hub.get(`${paths.audit}?limit=500`);
  const { entries } = (await answer.json()) as { entries: AuditEntry[] };
  const refusals = entries.filter(({ kind }) => kind === 'refused');
  expect(refusals.length).toBeGreaterThan(0);
  expect(refusals.length).toBeLessThan(60);
  expect(
    entries.some(
      ({ kind, subject }) => kind === 'share-created' && subject?.name === 'made before the flood',
    ),
  ).toBe(true);
});

test('what is refused is named in the audit log by its path alone: a mistyped secret is nearly the right one', async () => {
  await using hub = await startTestHub();
  expect(
    (await fetch(`${hub.origin}${paths.stream}?ticket=${wrongSecret}&token=${wrongSecret}`)).status,
  ).toBe(401);
  const text = await (await hub.get(paths.audit)).text();
  expect(text).toContain(`"path":"${paths.stream}"`);
  expect(text).not.toContain(wrongSecret);
});
