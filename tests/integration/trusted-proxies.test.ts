/** Behind nginx and Caddy: what they say of their clients counts where they are trusted, and what clients write themselves never does. */
import { writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { request as requestSecurely } from 'node:https';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { networkAddresses } from '../../hub/reach/machine-names.ts';
import { askAsOwner } from '../support/agent-client.ts';
import { caddyArguments } from '../support/proxies/caddy.ts';
import { nginxArguments } from '../support/proxies/nginx.ts';
import type { ProxyKind } from '../support/proxies/proxy-kinds.ts';
import { startProxy } from '../support/proxies/start-proxy.ts';
import { changeReach, testReach } from '../support/reach-hub.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { hasTool } from '../support/system-tools.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { makeTlsIdentity } from '../support/tls-listener.ts';

const [outward] = networkAddresses();

/** As docs/operations.md has it. */
const nginxLines = `
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Forwarded-Host $http_host;
  proxy_set_header Forwarded "";
`;

function nginx(name: string, lines: string): ProxyKind {
  return { name, program: 'nginx', awayStatus: 502, prepare: (place) => nginxArguments(place, lines) };
}

const asDocumented: readonly ProxyKind[] = [
  nginx('nginx', nginxLines),
  nginx('nginx that appends', nginxLines.replace('$remote_addr', '$proxy_add_x_forwarded_for')),
  { name: 'Caddy', program: 'caddy', awayStatus: 502, prepare: (place) => caddyArguments(place, '') },
];

/** Loopback has 16 million addresses: each of them is a client of its own. */
function askFrom(
  client: string,
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { localAddress: client, headers, agent: false }, (response) => {
      response.resume();
      response.once('end', () => resolve({ status: response.statusCode!, headers: response.headers }));
    });
    asked.once('error', reject);
    asked.end();
  });
}

/** The session's cookie with its attributes. Whether the proxy's certificate is trusted is not the matter here. */
function logInBy(hub: TestHub, origin: string, headers: Record<string, string> = {}): Promise<string> {
  const begin = origin.startsWith('https:') ? requestSecurely : request;
  return new Promise((resolve, reject) => {
    const asked = begin(
      `${origin}/api/v1/session`,
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        agent: false,
        rejectUnauthorized: false,
      },
      (response) => resolve(String(response.resume().headers['set-cookie'])),
    );
    asked.once('error', reject);
    asked.end(JSON.stringify({ ticket: hub.launchUrl().split('#ticket=')[1] }));
  });
}

const wrongToken = { authorization: 'Bearer wrong' };

async function sessionAddress(hub: TestHub): Promise<string> {
  const { sessions } = (await (await askAsOwner(hub, 'GET', '/api/v1/sessions')).json()) as {
    sessions: { address: string }[];
  };
  return sessions.at(-1)!.address;
}

describe.each(asDocumented)('$name', (kind) => {
  const behind = test.skipIf(!hasTool(kind.program));

  behind('where it is trusted, each client is counted by its own address, whatever it claims', async () => {
    await using hub = await startTestHub({ maxBadTokens: 2, reach: { trustedProxies: ['127.0.0.1'] } });
    await using proxy = await startProxy(kind, { hubPort: hub.port });
    const guess = async (client: string, headers = {}) =>
      (await askFrom(client, `${proxy.origin}/api/v1/hosts`, { ...wrongToken, ...headers })).status;
    const forged = { 'X-Forwarded-For': '198.51.100.1', 'X-Real-IP': '198.51.100.1' };
    expect([await guess('127.0.0.2'), await guess('127.0.0.2', forged)]).toEqual([401, 401]);
    expect(await guess('127.0.0.2', { 'X-Forwarded-For': '198.51.100.2' })).toBe(429);
    expect(await guess('127.0.0.3')).toBe(401);
  });

  behind('where it is not, all of its clients are one, and its word counts for nothing', async () => {
    await using hub = await startTestHub({ maxBadTokens: 1, reach: { trustedProxies: ['192.0.2.0/24'] } });
    await using proxy = await startProxy(kind, { hubPort: hub.port });
    const guess = async (client: string) =>
      (await askFrom(client, `${proxy.origin}/api/v1/hosts`, wrongToken)).status;
    expect([await guess('127.0.0.2'), await guess('127.0.0.3')]).toEqual([401, 429]);
    const direct = { 'X-Forwarded-For': '198.51.100.1', 'X-Forwarded-Proto': 'https' };
    expect((await askFrom('127.0.0.4', `${hub.origin}/healthz`, direct)).status).toBe(200);
    expect(await logInBy(hub, hub.origin, direct)).not.toContain('Secure');
    expect(await sessionAddress(hub)).toBe('127.0.0.1');
  });

  const fromOutside = test.skipIf(!hasTool(kind.program) || outward === undefined);

  fromOutside('the test of the public address says what is missing, until nothing is', async () => {
    await using folder = await makeTempFolder();
    const tls = {
      certificateFile: path.join(folder.path, 'c.pem'),
      keyFile: path.join(folder.path, 'k.pem'),
    };
    const { key, certificate } = makeTlsIdentity([outward!]);
    await writeFile(tls.certificateFile, certificate);
    await writeFile(tls.keyFile, key.export({ type: 'pkcs8', format: 'pem' }));
    await using hub = await startTestHub({ allowedHosts: [outward!] });
    const place = { hubPort: hub.port, address: outward! };
    await using secure = await startProxy(kind, { ...place, tls });
    await changeReach(hub, { publicUrl: secure.origin, trustedProxies: ['127.0.0.1'] });
    expect(await testReach(hub)).toMatchObject({ code: 'certificate-untrusted', outcome: 'blocked' });
    expect(await logInBy(hub, secure.origin)).toContain('; Secure;');

    await using plain = await startProxy(kind, place);
    await changeReach(hub, { publicUrl: plain.origin, trustedProxies: [] });
    expect(await testReach(hub)).toMatchObject({
      code: 'proxy-untrusted',
      outcome: 'warned',
      remedy: expect.stringContaining('--trust-proxy 127.0.0.1') as string,
    });
    await changeReach(hub, { trustedProxies: ['127.0.0.1'] });
    const tested = await testReach(hub);
    expect(tested).toMatchObject({ code: 'plain', outcome: 'warned' });
    expect(tested.steps.map(({ outcome }) => outcome)).toEqual(Array(6).fill('passed'));
    expect(await logInBy(hub, plain.origin)).not.toContain('Secure');
    expect(await sessionAddress(hub)).toBe(outward);
  });
});

test.skipIf(!hasTool('nginx') || outward === undefined)(
  'nginx that hands on its own name for the hub is found out',
  async () => {
    await using hub = await startTestHub();
    await using proxy = await startProxy(nginx('nginx', ''), { hubPort: hub.port, address: outward! });
    await changeReach(hub, { publicUrl: proxy.origin });
    expect(await testReach(hub)).toMatchObject({
      outcome: 'blocked',
      code: 'host-changed',
      remedy: expect.stringContaining('proxy_set_header Host $http_host') as string,
    });
    // The other way: a trusted proxy that says what it was called.
    await using telling = await startProxy(
      nginx(
        'nginx',
        'proxy_set_header X-Forwarded-Host $http_host; proxy_set_header X-Forwarded-For $remote_addr;',
      ),
      { hubPort: hub.port, address: outward! },
    );
    await changeReach(hub, { publicUrl: telling.origin, trustedProxies: ['127.0.0.1'] });
    expect((await testReach(hub)).outcome).toBe('warned');
  },
);
