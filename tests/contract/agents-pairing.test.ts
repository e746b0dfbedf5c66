/** Inviting an agent and pairing it: who gets a token, for which host, and who does not. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { invitation } from '../../shared/schema/servers.ts';
import { problem, type HostsAnswer, type Problem } from '../../shared/snapshot.ts';
import { askAsOwner, askToPair, invite, listAgents, pairAgent } from '../support/agent-client.ts';
import { BatchSender } from '../support/batch-sender.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { strict } from '../support/strict.ts';

async function refusal(response: Response): Promise<Problem['error'] & { status: number }> {
  return { status: response.status, ...problem.parse(await response.json()).error };
}

async function stateOf(hub: TestHub, id: string) {
  return strict(invitation).parse(await (await hub.get(`/api/v1/invitations/${id}`)).json());
}

async function nameOf(hub: TestHub, id: string): Promise<string | undefined> {
  const { hosts } = (await (await askAsOwner(hub, 'GET', '/api/v1/hosts')).json()) as HostsAnswer;
  return hosts.find(({ host }) => host.id === id)?.host.name;
}

/** A code with the same first half and another second one. */
function wrongProof(code: string): string {
  return `${code.slice(0, 5)}${code.endsWith('A') ? 'BBBB' : 'AAAA'}`;
}

/** What the agent's token opens: 403 for an agent that is known, 401 for nobody. */
async function standingOf(hub: TestHub, token: string): Promise<string> {
  const response = await fetch(`${hub.origin}/api/v1/hosts`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return (await refusal(response)).code;
}

test('a code pairs one agent, once', async () => {
  await using hub = await startTestHub();
  const { id, code, state, triesLeft } = await invite(hub);
  expect({ state, triesLeft, id }).toEqual({ state: 'waiting', triesLeft: 5, id: code.slice(0, 4) });
  const first = await askToPair(hub, { code });
  expect(first.status).toBe(200);
  expect(await first.json()).toMatchObject({ protocol: 1, host: 'web-1', hubVersion: '0.0.0-test' });
  expect(await stateOf(hub, id)).toMatchObject({ state: 'paired', host: 'web-1' });
  expect(await refusal(await askToPair(hub, { code, id: 'web-2' }))).toMatchObject({
    status: 403,
    code: 'wrong-code',
    message: expect.stringContaining('used already') as string,
  });
  expect((await listAgents(hub)).map(({ host }) => host)).toEqual(['web-1']);
});

test('five wrong tries close that invitation, and no other', async () => {
  await using hub = await startTestHub();
  const [tried, other] = [await invite(hub), await invite(hub)];
  for (let left = 4; left >= 0; left--) {
    expect(await refusal(await askToPair(hub, { code: wrongProof(tried.code) }))).toMatchObject({
      status: 403,
      code: 'wrong-code',
    });
    expect(await stateOf(hub, tried.id)).toMatchObject({
      triesLeft: left,
      state: left > 0 ? 'reached' : 'closed',
    });
  }
  expect((await refusal(await askToPair(hub, { code: tried.code }))).code).toBe('wrong-code');
  expect(await listAgents(hub)).toEqual([]);
  expect((await askToPair(hub, { code: other.code })).status).toBe(200);
});

test('codes tried at random are counted as bad tokens of their address, and then refused with 429', async () => {
  await using hub = await startTestHub({ maxBadTokens: 10 });
  const { code, id } = await invite(hub);
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 14; attempt++) {
    statuses.push((await askToPair(hub, { code: `ZZZ${'ABCDEFGHJKLMNP'[attempt]}-ZZZZ` })).status);
  }
  expect(statuses).toEqual([...Array<number>(10).fill(403), ...Array<number>(4).fill(429)]);
  const refused = await askToPair(hub, { code: 'ZZZZ-ZZZZ' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await refusal(refused)).code).toBe('too-many-bad-tokens');
  expect(await stateOf(hub, id)).toMatchObject({ state: 'waiting', triesLeft: 5 });
  expect((await askToPair(hub, { code })).status, 'the right code always passes').toBe(200);
});

test('an agent of another protocol is told both numbers, and the code stays valid', async () => {
  await using hub = await startTestHub();
  const { code } = await invite(hub);
  const answer = await refusal(await askToPair(hub, { code, protocol: 2 }));
  expect(answer).toMatchObject({ status: 426, code: 'incompatible' });
  expect(answer.message).toMatch(/protocol 2.*protocol 1/);
  expect(answer.remedy).toContain('machine of the hub');
  expect((await askToPair(hub, { code })).status).toBe(200);
});

test('a withdrawn invitation pairs nobody', async () => {
  await using hub = await startTestHub();
  const { code, id } = await invite(hub);
  expect((await askAsOwner(hub, 'DELETE', `/api/v1/invitations/${id}`)).status).toBe(204);
  expect((await askAsOwner(hub, 'DELETE', `/api/v1/invitations/${id}`)).status).toBe(404);
  expect((await stateOf(hub, id)).state).toBe('closed');
  expect((await askToPair(hub, { code })).status).toBe(403);
});

test('a body that is large, or no pairing, uses nothing up', async () => {
  await using hub = await startTestHub();
  const { code, id } = await invite(hub);
  expect((await askToPair(hub, { code, name: 'x'.repeat(8192) })).status).toBe(413);
  for (const bad of [{ code: code.toLowerCase() }, { code, id: '../etc' }, { code, name: '' }]) {
    expect((await askToPair(hub, bad)).status).toBe(400);
  }
  expect(await stateOf(hub, id)).toMatchObject({ state: 'waiting', triesLeft: 5 });
});

test('the id of a host that is alive here stays its own: a clone gets the next one', async () => {
  const own = new ScriptedObserver(observedHost('web-1', { name: 'web' }), [
    { name: 'sample', data: sampleOf('web-1', 1) },
  ]);
  await using hub = await startTestHub({ observers: [own] });
  const { host } = await pairAgent(hub, { id: 'web-1', name: 'web' });
  expect(host).toBe('web-1-2');
  hub.sink.describe(observedHost(host, { name: 'web' }));
  expect(await nameOf(hub, host)).toBe('web (2)');
  expect((await pairAgent(hub, { id: 'x'.repeat(64) })).host).toBe('x'.repeat(64));
});

test('a clone with a name of its own keeps it, and the one that the owner gave it when it pairs anew', async () => {
  const own = new ScriptedObserver(observedHost('web-1', { name: 'web' }), []);
  await using hub = await startTestHub({ observers: [own] });
  const clone = { id: 'web-1', name: 'shop' };
  const { host, token } = await pairAgent(hub, clone);
  const sender = new BatchSender({ origin: hub.origin, token });
  await sender.send([sender.line('describe', observedHost(host, { name: 'shop' }))]);
  expect(await nameOf(hub, host)).toBe('shop');
  await askAsOwner(hub, 'PATCH', `/api/v1/hosts/${host}`, { name: 'The shop' });
  hub.sink.describe(observedHost('web-1', { name: 'shop' }));
  await askAsOwner(hub, 'DELETE', `/api/v1/agents/${host}`);
  expect((await pairAgent(hub, clone)).host).toBe(host);
  expect(await nameOf(hub, host)).toBe('The shop');
});

test('a machine that pairs anew replaces its silent agent, whose token hears that it was revoked', async () => {
  await using hub = await startTestHub();
  const first = await pairAgent(hub);
  const second = await pairAgent(hub);
  expect(second.host).toBe(first.host);
  expect(await standingOf(hub, first.token)).toBe('revoked');
  expect(await standingOf(hub, second.token)).toBe('owner-only');
  expect(await listAgents(hub)).toHaveLength(1);
});

test('agents outlive a restart, revoked ones too; no token is on the disk', async () => {
  await using folder = await makeTempFolder();
  const before = await startTestHub({ dataDir: folder.path });
  const [kept, gone] = [await pairAgent(before, { id: 'kept' }), await pairAgent(before, { id: 'gone' })];
  expect((await askAsOwner(before, 'DELETE', '/api/v1/agents/gone')).status).toBe(204);
  await before[Symbol.asyncDispose]();

  const file = path.join(folder.path, 'agents.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const text = await readFile(file, 'utf8');
  for (const { token } of [kept, gone]) expect(text).not.toContain(token);

  await using after = await startTestHub({ dataDir: folder.path });
  expect(await standingOf(after, kept.token)).toBe('owner-only');
  expect(await standingOf(after, gone.token)).toBe('revoked');
});

test.for([
  ['no JSON', '{"agents": [', 'nobody'],
  ['an entry of nonsense', null, 'the others'],
] as const)(
  'a damaged list of agents, %s: set aside and told, and the hub knows %s',
  async ([, text, who]) => {
    await using folder = await makeTempFolder();
    const file = path.join(folder.path, 'agents.json');
    const before = await startTestHub({ dataDir: folder.path });
    await pairAgent(before);
    await before[Symbol.asyncDispose]();
    const damaged = text ?? (await readFile(file, 'utf8')).replace('"agents": [', '"agents": [7,');
    await writeFile(file, damaged);

    await using hub = await startTestHub({ dataDir: folder.path });
    expect(hub.troubles.map(({ message }) => message)).toEqual([
      expect.stringMatching(/agents\.json is damaged.*set aside as .*agents\.json\.damaged/) as string,
    ]);
    expect(await readFile(`${file}.damaged`, 'utf8')).toBe(damaged);
    expect((await listAgents(hub)).map(({ host }) => host)).toEqual(who === 'nobody' ? [] : ['web-1']);
    expect((await pairAgent(hub, { id: 'new' })).host).toBe('new');
  },
);
