/** Revoking an agent: what is open of it ends within a second, and it hears why from then on. */
import { expect, test } from 'vitest';
import { hostsAnswer } from '../../shared/snapshot.ts';
import { askAsOwner, listAgents, pairAgent } from '../support/agent-client.ts';
import { BatchSender } from '../support/batch-sender.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { connectRaw, type RawConnection } from '../support/raw-request.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

/** A revoked agent is cut off within this time (docs/protocol.md). */
const CLOSED_WITHIN_MS = 1_000;

async function startWithAgent(): Promise<
  { hub: TestHub; agent: BatchSender; token: string } & AsyncDisposable
> {
  const hub = await startTestHub();
  const { token } = await pairAgent(hub);
  const agent = new BatchSender({ origin: hub.origin, token });
  return { hub, agent, token, [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose]() };
}

function firstLines(agent: BatchSender): string[] {
  return [
    agent.line('describe', observedHost('web-1')),
    agent.line('sample', { ...sampleOf('web-1', 1), time: Date.now() }),
  ];
}

/** A batch by hand, over a connection that stays open; `sent` is what of the body leaves. */
function openBatch(hub: TestHub, token: string, body: Buffer, sent = body.length): RawConnection {
  const head = [
    'POST /api/v1/ingest HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/x-ndjson',
    `Content-Length: ${body.length}`,
  ];
  return connectRaw(hub.port, `${head.join('\r\n')}\r\n\r\n${body.subarray(0, sent).toString()}`);
}

async function isClosedInTime(connection: RawConnection): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => {
    AbortSignal.timeout(CLOSED_WITHIN_MS).addEventListener('abort', () => resolve(false));
  });
  return Promise.race([connection.closed.then(() => true), late]);
}

async function hostOf(hub: TestHub, id: string) {
  const { hosts } = hostsAnswer.parse(await (await hub.get('/api/v1/hosts')).json());
  return hosts.find(({ host }) => host.id === id)?.host;
}

test('its idle connection, and one in the middle of a batch, are closed within a second', async () => {
  await using started = await startWithAgent();
  const { hub, agent, token } = started;
  const body = agent.body(firstLines(agent));
  using idle = openBatch(hub, token, body);
  await until('the batch to be answered', () => idle.text().includes('"serverTime"'));
  using sending = openBatch(hub, token, body, body.length - 5);
  await until('both connections to be heard', () => sending.socket.bytesWritten > 0);
  expect((await askAsOwner(hub, 'DELETE', '/api/v1/agents/web-1')).status).toBe(204);
  expect(await Promise.all([idle, sending].map(isClosedInTime))).toEqual([true, true]);
});

test('the agent hears that it was revoked; its host stays, offline, and says so', async () => {
  await using started = await startWithAgent();
  const { hub, agent } = started;
  expect((await agent.send(firstLines(agent))).status).toBe(200);
  expect((await listAgents(hub))[0]).toMatchObject({
    host: 'web-1',
    name: 'web-1.example.net',
    trouble: null,
  });
  expect((await askAsOwner(hub, 'PATCH', '/api/v1/hosts/web-1', { paused: true })).status).toBe(200);
  expect((await askAsOwner(hub, 'DELETE', '/api/v1/agents/web-1')).status).toBe(204);
  const { status, problem } = await agent.send([]);
  expect({ status, code: problem.code }).toEqual({ status: 403, code: 'revoked' });
  expect(await listAgents(hub)).toEqual([]);
  expect(await hostOf(hub, 'web-1')).toMatchObject({
    status: 'offline',
    uplink: { trouble: expect.stringContaining('revoked') as string },
  });
  expect((await askAsOwner(hub, 'DELETE', '/api/v1/agents/web-1')).status).toBe(404);
});

test('paired anew it is live again, under its id', async () => {
  await using started = await startWithAgent();
  const { hub, agent } = started;
  await agent.send(firstLines(agent));
  await askAsOwner(hub, 'DELETE', '/api/v1/agents/web-1');
  const { host, token } = await pairAgent(hub);
  expect(host).toBe('web-1');
  const next = new BatchSender({ origin: hub.origin, token, run: 'run0002' });
  expect((await next.send(firstLines(next))).status).toBe(200);
  expect(await hostOf(hub, 'web-1')).toMatchObject({ status: 'live', uplink: { trouble: null } });
});

test('a host that is alive is not replaced by a clone that pairs', async () => {
  await using started = await startWithAgent();
  const { hub, agent } = started;
  await agent.send(firstLines(agent));
  expect((await pairAgent(hub)).host).toBe('web-1-2');
  expect((await agent.send([])).status).toBe(200);
});
