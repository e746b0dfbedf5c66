/** Every route with every role: who is let in, who is not, and with which word. */
import { expect, test } from 'vitest';
import { routesOf, type RouteParts } from '../../hub/http/routes.ts';
import { problem } from '../../shared/snapshot.ts';
import { askAsOwner, pairAgent } from '../support/agent-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';

/** The table itself: its handlers are not called here. */
const routes = routesOf({} as RouteParts).filter(({ path }) => path !== '/*');

test('all routes are the owner’s, but for these', () => {
  const others = routes.filter(({ access }) => access !== 'owner');
  expect(others.map(({ method, path, access }) => `${access}: ${method as string} ${path}`).sort()).toEqual([
    'agent: POST /api/v1/ingest',
    'public: GET /healthz',
    'public: POST /api/v1/pair',
    'public: POST /api/v1/session',
  ]);
});

/** Of each role: its headers, and the word it hears at an owner's and at an agent's door; null: it is let in. */
const roles = [
  { role: 'nobody', owner: 'unauthorised', agent: 'unauthorised' },
  { role: 'a wrong token', owner: 'unauthorised', agent: 'unauthorised' },
  { role: "the owner's token", owner: null, agent: 'agents-only' },
  { role: "the owner's session", owner: null, agent: 'agents-only' },
  { role: "an agent's token", owner: 'owner-only', agent: null },
  { role: "a revoked agent's token", owner: 'revoked', agent: 'revoked' },
] as const;

const doorWords = new Set<string>(['unauthorised', 'agents-only', 'owner-only', 'revoked', 'foreign-page']);

async function headersOf(
  hub: TestHub,
): Promise<Record<(typeof roles)[number]['role'], Record<string, string>>> {
  const [agent, revoked] = [await pairAgent(hub, { id: 'one' }), await pairAgent(hub, { id: 'two' })];
  expect((await askAsOwner(hub, 'DELETE', '/api/v1/agents/two')).status).toBe(204);
  return {
    nobody: {},
    'a wrong token': bearer('wrong'),
    "the owner's token": bearer(hub.ownerToken),
    "the owner's session": { cookie: await login(hub) },
    "an agent's token": bearer(agent.token),
    "a revoked agent's token": bearer(revoked.token),
  };
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

async function login(hub: TestHub): Promise<string> {
  const response = await fetch(`${hub.origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ticket: hub.launchUrl().split('#ticket=')[1] }),
  });
  return response.headers.get('set-cookie')!.split(';', 1)[0]!;
}

/** The door's word; null: it let the request in, whatever the route made of it. */
async function doorWord(response: Response): Promise<string | null> {
  if (response.ok) {
    await response.body?.cancel();
    return null;
  }
  const { code } = problem.parse(await response.json()).error;
  return doorWords.has(code) ? code : null;
}

test('every route lets in its role, and tells every other what it is', async () => {
  await using hub = await startTestHub({ maxBadTokens: 1000 });
  const headers = await headersOf(hub);
  for (const { method, path, access } of routes) {
    const address = hub.origin + path.replaceAll(/:\w+/g, 'logs');
    for (const { role, ...words } of roles) {
      const response = await fetch(address, { method, headers: headers[role] });
      const at = `${method as string} ${path} with ${role}`;
      if (access === 'public') expect([at, response.status === 403]).toEqual([at, false]);
      else expect([at, await doorWord(response)]).toEqual([at, words[access]]);
    }
  }
  expect(hub.troubles).toEqual([]);
});

test('an agent cannot read a stream, and hears why', async () => {
  await using hub = await startTestHub();
  const { token } = await pairAgent(hub);
  for (const path of ['/api/v1/stream', '/api/v1/stream/logs', '/api/v1/poll', '/api/v1/hosts', '/metrics']) {
    const response = await fetch(hub.origin + path, { headers: bearer(token) });
    expect(response.status).toBe(403);
    expect(problem.parse(await response.json()).error).toMatchObject({
      code: 'owner-only',
      message: expect.stringContaining('may only send') as string,
    });
  }
});

test("a cookie does not stand in for an agent's token, nor for a wrong one", async () => {
  await using hub = await startTestHub();
  const cookie = await login(hub);
  const response = await fetch(`${hub.origin}/api/v1/hosts`, { headers: { cookie, ...bearer('wrong') } });
  expect(response.status).toBe(401);
});
