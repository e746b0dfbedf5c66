/** CORS: listed origins may read, each by its own name; everybody else gets nothing. */
import { expect, test } from 'vitest';
import { exchangeRaw } from '../support/raw-request.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';

const listed = 'https://dash.example';

function startOpenHub(): Promise<TestHub> {
  return startTestHub({ allowedOrigins: [listed], observers: [new ScriptedObserver()] });
}

/** Status line and headers of an answer; a stream's too. */
async function headOf(hub: TestHub, method: string, path: string, lines: string[]): Promise<string> {
  const request = [
    `${method} ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${hub.port}`,
    ...lines,
    'Connection: close',
    '',
    '',
  ];
  const answer = await exchangeRaw(hub.port, request.join('\r\n'));
  return answer.split('\r\n\r\n', 1)[0]!;
}

const bearer = (hub: TestHub) => `Authorization: Bearer ${hub.ownerToken}`;

test.for(['/api/v1/hosts', '/api/v1/poll', '/metrics', '/healthz'])(
  'a listed origin may read %s',
  async (path) => {
    await using hub = await startOpenHub();
    const head = await headOf(hub, 'GET', path, [bearer(hub), `Origin: ${listed}`]);
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    expect(head).toContain(`Access-Control-Allow-Origin: ${listed}\r\n`);
    expect(head).toContain('Access-Control-Allow-Credentials: true');
    expect(head).toContain('Access-Control-Expose-Headers: Retry-After, WWW-Authenticate');
    expect(head).toContain('Vary: Origin');
  },
);

test('a listed origin may read the stream, and why it was refused', async () => {
  await using hub = await startOpenHub();
  const response = await hub.get('/api/v1/stream', { origin: listed });
  expect(response.headers.get('access-control-allow-origin')).toBe(listed);
  expect(response.headers.get('vary')).toContain('Origin');
  await response.body!.cancel();
  const refused = await headOf(hub, 'GET', '/api/v1/stream', [`Origin: ${listed}`]);
  expect(refused).toMatch(/^HTTP\/1\.1 401 /);
  expect(refused).toContain(`Access-Control-Allow-Origin: ${listed}`);
});

test.for([
  'null',
  '*',
  'https://evil.example',
  'http://dash.example',
  'https://dash.example:8443',
  'https://dash.example.evil.example',
  'https://evil-dash.example',
  'HTTPS://DASH.EXAMPLE',
  `${listed}, https://evil.example`,
])('the origin %s gets no leave, and caches are told that it depends', async (origin) => {
  await using hub = await startOpenHub();
  for (const path of ['/api/v1/hosts', '/healthz']) {
    const head = await headOf(hub, 'GET', path, [bearer(hub), `Origin: ${origin}`]);
    expect(head).not.toMatch(/access-control/i);
    expect(head).toContain('Vary: Origin');
  }
  const preflight = await headOf(hub, 'OPTIONS', '/api/v1/hosts', [
    `Origin: ${origin}`,
    'Access-Control-Request-Method: GET',
  ]);
  expect(preflight).toMatch(/^HTTP\/1\.1 405 /);
  expect(preflight).not.toMatch(/access-control/i);
});

test('a preflight tells a listed origin which methods and headers an address takes', async () => {
  await using hub = await startOpenHub();
  const head = await headOf(hub, 'OPTIONS', '/api/v1/notes', [
    `Origin: ${listed}`,
    'Access-Control-Request-Method: POST',
    'Access-Control-Request-Headers: authorization,content-type',
  ]);
  expect(head).toMatch(/^HTTP\/1\.1 204 /);
  expect(head).toContain(`Access-Control-Allow-Origin: ${listed}`);
  expect(head).toMatch(/Access-Control-Allow-Methods: .*POST/);
  expect(head).toContain('Access-Control-Allow-Headers: Authorization, Content-Type, Last-Event-ID');
  expect(head).toMatch(/Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers/);
  const nothing = await headOf(hub, 'OPTIONS', '/api/v1/nothing', [
    `Origin: ${listed}`,
    'Access-Control-Request-Method: GET',
  ]);
  expect(nothing).toMatch(/^HTTP\/1\.1 404 /);
});

test('the cookie opens nothing for a listed origin, and the page is for the hub alone', async () => {
  await using hub = await startOpenHub();
  const session = await fetch(`${hub.origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ticket: hub.launchUrl().split('#ticket=')[1] }),
  });
  const cookie = session.headers.get('set-cookie')!.split(';', 1)[0]!;
  const head = await headOf(hub, 'GET', '/api/v1/hosts', [`Cookie: ${cookie}`, `Origin: ${listed}`]);
  expect(head).toMatch(/^HTTP\/1\.1 403 /);
  const page = await headOf(hub, 'GET', '/', [`Origin: ${listed}`]);
  expect(page).not.toMatch(/access-control/i);
});
