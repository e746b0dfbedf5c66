/** What an owner says about a host: its name, group and tags, pausing it, and letting go of it. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { host as hostSchema, type Host } from '../../shared/schema/host.ts';
import { problem } from '../../shared/snapshot.ts';
import { askAsOwner, invite, askToPair, listAgents, pairAgent } from '../support/agent-client.ts';
import { BatchSender } from '../support/batch-sender.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

function ownHost(): ScriptedObserver {
  return new ScriptedObserver(observedHost('own'), [{ name: 'sample', data: sampleOf('own', 1) }]);
}

async function change(hub: TestHub, id: string, body: object): Promise<Host> {
  const response = await askAsOwner(hub, 'PATCH', `/api/v1/hosts/${id}`, body);
  expect(response.status).toBe(200);
  return hostSchema.parse(await response.json());
}

async function refusalOf(response: Response): Promise<[number, string]> {
  return [response.status, problem.parse(await response.json()).error.code];
}

async function sendFirst(hub: TestHub, token: string): Promise<BatchSender> {
  const agent = new BatchSender({ origin: hub.origin, token });
  const lines = [
    agent.line('describe', observedHost('web-1')),
    agent.line('sample', { ...sampleOf('web-1', 1), time: Date.now() }),
  ];
  expect((await agent.send(lines)).status).toBe(200);
  return agent;
}

test('name, group and tags are changed one by one, told to readers, and outlive a restart', async () => {
  await using folder = await makeTempFolder();
  const before = await startTestHub({ dataDir: folder.path, observers: [ownHost()] });
  using reader = readStream(before);
  await reader.until('ready');
  await change(before, 'own', { name: ' Front door ', tags: ['a', 'b', 'a'] });
  expect(await change(before, 'own', { group: 'Berlin' })).toMatchObject({
    name: 'Front door',
    group: 'Berlin',
    tags: ['a', 'b'],
  });
  await before[Symbol.asyncDispose]();

  await using after = await startTestHub({ dataDir: folder.path, observers: [ownHost()] });
  expect(await change(after, 'own', {})).toMatchObject({ name: 'Front door', group: 'Berlin' });
  expect(await change(after, 'own', { name: null })).toMatchObject({ name: 'own.example.net' });
});

test.for([
  { name: '' },
  { name: 'x'.repeat(256) },
  { tags: Array.from({ length: 33 }, (_, index) => `t${index}`) },
  { group: 'x'.repeat(65) },
  { status: 'live' },
])('a change that does not fit is refused whole: %o', async (body) => {
  await using hub = await startTestHub({ observers: [ownHost()] });
  const response = await askAsOwner(hub, 'PATCH', '/api/v1/hosts/own', { group: 'never', ...body });
  expect(await refusalOf(response)).toEqual([400, 'bad-body']);
  expect(await change(hub, 'own', {})).toMatchObject({ name: 'own.example.net', group: null });
});

test('the hub’s own machine can be neither paused nor removed; what is not there, nothing', async () => {
  await using hub = await startTestHub({ observers: [ownHost()] });
  const ask = (method: string, id: string, body?: object) =>
    askAsOwner(hub, method, `/api/v1/hosts/${id}`, body).then(refusalOf);
  expect(await ask('PATCH', 'own', { paused: true })).toEqual([409, 'not-pausable']);
  expect(await ask('DELETE', 'own')).toEqual([409, 'local-host']);
  expect(await ask('PATCH', 'other', {})).toEqual([404, 'unknown-host']);
  expect(await ask('DELETE', 'other')).toEqual([404, 'unknown-host']);
});

test('an agent is paused, is told so with each answer, and goes on when it is lifted', async () => {
  await using hub = await startTestHub();
  const agent = await sendFirst(hub, (await pairAgent(hub)).token);
  expect((await change(hub, 'web-1', { paused: true })).status).toBe('paused');
  expect((await agent.send([])).answer.paused).toBe(true);
  expect((await change(hub, 'web-1', { paused: false })).status).toBe('live');
  expect((await agent.send([])).answer.paused).toBe(false);
});

test('an invitation’s group is the group of the host that pairs with it', async () => {
  await using hub = await startTestHub();
  const { code } = await invite(hub, { group: 'Berlin' });
  const { token } = (await (await askToPair(hub, { code })).json()) as { token: string };
  await sendFirst(hub, token);
  expect((await change(hub, 'web-1', {})).group).toBe('Berlin');
});

test('a host that is removed is gone from every reader, its agent revoked, its labels forgotten', async () => {
  await using hub = await startTestHub();
  const agent = await sendFirst(hub, (await pairAgent(hub)).token);
  await change(hub, 'web-1', { name: 'Front door' });
  using reader = readStream(hub);
  await reader.until('ready');
  expect((await askAsOwner(hub, 'DELETE', '/api/v1/hosts/web-1')).status).toBe(204);
  await reader.until('gone');
  expect((await agent.send([])).problem.code).toBe('revoked');
  expect(await listAgents(hub)).toEqual([]);
  const again = await pairAgent(hub);
  await sendFirst(hub, again.token);
  expect((await change(hub, 'web-1', {})).name).toBe('web-1.example.net');
});

test('a damaged file of labels is set aside and told, and hosts have their own names', async () => {
  await using folder = await makeTempFolder();
  const file = path.join(folder.path, 'host-labels.json');
  await writeFile(file, '{"hosts":{"own":');
  await using hub = await startTestHub({ dataDir: folder.path, observers: [ownHost()] });
  expect(hub.troubles.map(({ message }) => message)).toEqual([
    expect.stringMatching(/host-labels\.json is damaged\. It was set aside as/) as string,
  ]);
  expect(await readFile(`${file}.damaged`, 'utf8')).toBe('{"hosts":{"own":');
  expect((await change(hub, 'own', { name: 'new' })).name).toBe('new');
});
