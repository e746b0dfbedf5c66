/** Every route with every role: who is let in, who is not, and with which word. */
import { expect, test } from 'vitest';
import type { Access, Shows } from '../../hub/access/caller.ts';
import type { Route } from '../../hub/http/http-server.ts';
import { routesOf, type RouteParts } from '../../hub/http/routes.ts';
import { problem } from '../../shared/snapshot.ts';
import { askAsOwner, pairAgent } from '../support/agent-client.ts';
import { bearer, logIn, makeToken } from '../support/callers.ts';
import { enterShare, makeShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';

/** Whom each route is for, and what it shows. A route that is not in it fails the test below: think first about who may use it. */
const expected: Record<string, `${Access} ${Shows}`> = {
  'GET /api/v1/stream': 'read sight',
  'GET /api/v1/stream/:channel': 'read sight',
  'GET /api/v1/poll': 'read sight',
  'GET /api/v1/logs/search': 'read sight',
  'GET /api/v1/logs/context': 'read sight',
  'GET /api/v1/history': 'read sight',
  'GET /api/v1/history/processes': 'read sight',
  'GET /api/v1/history/changes': 'read sight',
  'GET /api/v1/hosts': 'read sight',
  'GET /api/v1/hub': 'read hub',
  'GET /metrics': 'read hub',
  'GET /api/v1/notes': 'read sight',
  'POST /api/v1/notes': 'publish nothing',
  'DELETE /api/v1/notes/:id': 'publish nothing',
  'POST /api/v1/events': 'publish nothing',
  'GET /api/v1/alerts': 'read sight',
  'POST /api/v1/alerts/:id/acknowledge': 'manage hub',
  'GET /api/v1/alerts/rules': 'read hub',
  'PATCH /api/v1/alerts/rules/:measure': 'manage hub',
  'POST /api/v1/ingest': 'agent nothing',
  'PATCH /api/v1/hosts/:id': 'manage hub',
  'DELETE /api/v1/hosts/:id': 'manage nothing',
  'POST /api/v1/invitations': 'manage nothing',
  'GET /api/v1/invitations/:id': 'manage hub',
  'DELETE /api/v1/invitations/:id': 'manage nothing',
  'POST /api/v1/pair': 'public nothing',
  'GET /api/v1/agents': 'manage hub',
  'DELETE /api/v1/agents/:host': 'manage nothing',
  'GET /api/v1/upstreams': 'manage hub',
  'POST /api/v1/upstreams': 'manage hub',
  'POST /api/v1/upstreams/probe': 'manage nothing',
  'PATCH /api/v1/upstreams/:id': 'manage hub',
  'DELETE /api/v1/upstreams/:id': 'manage nothing',
  'GET /api/v1/exporters': 'manage hub',
  'POST /api/v1/exporters': 'manage hub',
  'PATCH /api/v1/exporters/:id': 'manage hub',
  'DELETE /api/v1/exporters/:id': 'manage nothing',
  'GET /api/v1/remote-writes': 'owner hub',
  'POST /api/v1/remote-writes': 'owner hub',
  'PATCH /api/v1/remote-writes/:id': 'owner hub',
  'DELETE /api/v1/remote-writes/:id': 'owner nothing',
  'POST /api/v1/session': 'public nothing',
  'GET /api/v1/session': 'read nothing',
  'DELETE /api/v1/session': 'read nothing',
  'GET /api/v1/sessions': 'owner hub',
  'DELETE /api/v1/sessions/:id': 'owner nothing',
  'GET /api/v1/tokens': 'owner hub',
  'POST /api/v1/tokens': 'owner nothing',
  'DELETE /api/v1/tokens/:id': 'owner nothing',
  'POST /api/v1/tickets': 'read nothing',
  'GET /api/v1/shares': 'owner hub',
  'POST /api/v1/shares': 'owner hub',
  'DELETE /api/v1/shares': 'owner nothing',
  'PATCH /api/v1/shares/:id': 'owner hub',
  'DELETE /api/v1/shares/:id': 'owner hub',
  'POST /api/v1/shares/:id/preview': 'owner nothing',
  'POST /s/:id/session': 'public nothing',
  'GET /s/*': 'public nothing',
  'HEAD /s/*': 'public nothing',
  'POST /api/v1/presence': 'read nothing',
  'POST /api/v1/pointers': 'read sight',
  'GET /api/v1/audit': 'owner hub',
  'GET /api/v1/reach': 'owner nothing',
  'PUT /api/v1/reach': 'owner nothing',
  'POST /api/v1/reach/test': 'owner nothing',
  'GET /api/v1/reach/trials/:name': 'public nothing',
  'GET /ca.crt': 'public nothing',
  'GET /healthz': 'public nothing',
  'GET /*': 'public nothing',
  'HEAD /*': 'public nothing',
};

/** The table itself: its handlers are not called here. */
const routes = routesOf({} as RouteParts);

test('every route is in the table of who may use it, and the table holds no other', () => {
  const found = routes.map((route) => [nameOf(route), `${route.access} ${route.shows}`]);
  expect(Object.fromEntries(found)).toEqual(expected);
});

/** The word each role hears at a door; null: it is let in. `hub`: at those for `read` whose answer cannot be narrowed; left out: as `read`. */
type Words = Record<Exclude<Access, 'public'>, string | null> & { hub?: string };

const viewer: Words = { ...everywhere('read-only'), agent: 'agents-only', read: null, hub: 'not-shared' };

/** The owner comes last: what it ends is over for those before. */
const roles: Record<string, Words> = {
  nobody: everywhere('unauthorised'),
  'a wrong token': everywhere('unauthorised'),
  "a viewer's session": viewer,
  "a viewer's token": viewer,
  'the token of a revoked share': everywhere('share-revoked'),
  'an operator who may read': operatorWith('read'),
  'an operator who may publish': operatorWith('publish'),
  'an operator who may manage': operatorWith('manage'),
  'a revoked operator': everywhere('unauthorised'),
  "an agent's token": { ...everywhere('owner-only'), agent: null },
  "a revoked agent's token": everywhere('revoked'),
  "the owner's token": { ...everywhere(null), agent: 'agents-only' },
  "the owner's session": { ...everywhere(null), agent: 'agents-only' },
};

function everywhere(word: string | null): Words {
  return { agent: word, read: word, publish: word, manage: word, owner: word };
}

function operatorWith(scope: Access): Words {
  const refused = { ...everywhere('missing-scope'), agent: 'agents-only', owner: 'owner-only' };
  return { ...refused, [scope]: null };
}

async function headersOf(hub: TestHub): Promise<Record<string, Record<string, string>>> {
  const [agent, revoked] = [await pairAgent(hub, { id: 'one' }), await pairAgent(hub, { id: 'two' })];
  expect((await askAsOwner(hub, 'DELETE', '/api/v1/agents/two')).status).toBe(204);
  const gone = await makeToken(hub, ['read', 'publish', 'manage']);
  expect((await askAsOwner(hub, 'DELETE', `/api/v1/tokens/${gone.entry.id}`)).status).toBe(204);
  const [share, over] = [await makeShare(hub), await makeShare(hub)];
  expect((await askAsOwner(hub, 'DELETE', `/api/v1/shares/${over.share.id}`)).ok).toBe(true);
  return {
    nobody: {},
    'a wrong token': bearer('wrong'),
    "a viewer's session": (await enterShare(hub, share.link)).headers,
    "a viewer's token": bearer(share.token),
    'the token of a revoked share': bearer(over.token),
    'an operator who may read': bearer((await makeToken(hub, ['read'])).token),
    'an operator who may publish': bearer((await makeToken(hub, ['publish'])).token),
    'an operator who may manage': bearer((await makeToken(hub, ['manage'])).token),
    'a revoked operator': bearer(gone.token),
    "an agent's token": bearer(agent.token),
    "a revoked agent's token": bearer(revoked.token),
    "the owner's token": bearer(hub.ownerToken),
    "the owner's session": { cookie: await logIn(hub) },
  };
}

/** The door's word; null: it let the request in, whatever the route made of it. Handlers of this table refuse nobody by themselves. */
async function doorWord(response: Response): Promise<string | null> {
  if (response.status !== 401 && response.status !== 403) {
    await response.body?.cancel();
    return null;
  }
  return problem.parse(await response.json()).error.code;
}

/** What ends the credentials of others, or one's own: each is walked with a hub of its own. */
const endings = ['DELETE /api/v1/shares', 'DELETE /api/v1/session'];
const walks = [
  routes.filter((route) => !endings.includes(nameOf(route))),
  ...endings.map((ending) => routes.filter((route) => nameOf(route) === ending)),
];

test('every route lets in its roles, and tells every other what it is', async () => {
  for (const walked of walks) {
    await using hub = await startTestHub({ maxBadTokens: 1000 });
    const headers = await headersOf(hub);
    expect(Object.keys(headers)).toEqual(Object.keys(roles));
    for (const route of walked.filter(({ path }) => !path.includes('*'))) {
      for (const [role, words] of Object.entries(roles)) await knock(hub, route, role, words, headers[role]!);
    }
    expect(hub.troubles).toEqual([]);
  }
});

async function knock(
  hub: TestHub,
  route: Route,
  role: string,
  words: Words,
  headers: Record<string, string>,
): Promise<void> {
  const { method, path, access, shows } = route;
  const response = await fetch(hub.origin + path.replaceAll(/:\w+/g, 'logs'), { method, headers });
  const at = `${nameOf(route)} with ${role}`;
  if (access === 'public') expect([at, response.status === 403]).toEqual([at, false]);
  else expect([at, await doorWord(response)]).toEqual([at, wordAt(words, access, shows)]);
}

function nameOf({ method, path }: Route): string {
  return `${method as string} ${path}`;
}

function wordAt(words: Words, access: Exclude<Access, 'public'>, shows: Shows): string | null {
  return access === 'read' && shows === 'hub' ? (words.hub ?? words.read) : words[access];
}

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
  const cookie = await logIn(hub);
  const response = await fetch(`${hub.origin}/api/v1/hosts`, { headers: { cookie, ...bearer('wrong') } });
  expect(response.status).toBe(401);
});
