/** Bodies and heads that are too large, too deep, ambiguous or slow: refused, and everybody else is served. */
import { expect, test } from 'vitest';
import { MAX_BODY_BYTES } from '../../shared/protocol.ts';
import { problem } from '../../shared/snapshot.ts';
import { connectRaw, exchangeRaw } from '../support/raw-request.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';

async function post(
  hub: TestHub,
  body: string,
  headers: Record<string, string> = {},
): Promise<[number, string]> {
  const response = await fetch(`${hub.origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });
  return [response.status, problem.parse(await response.json()).error.code];
}

function rawPost(hub: TestHub, lines: string[], body: string): Promise<string> {
  return exchangeRaw(
    hub.port,
    ['POST /api/v1/session HTTP/1.1', 'Host: localhost', ...lines, '', body].join('\r\n'),
  );
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

test.for([
  ['larger than allowed', JSON.stringify({ ticket: 'x'.repeat(MAX_BODY_BYTES) }), 413, 'body-too-large'],
  ['too deep', `{"ticket":"x","a":${nested(32)}}`, 400, 'bad-body'],
  ['far too deep', `{"ticket":"x","a":${nested(200_000)}}`, 400, 'bad-body'],
  ['just not too deep, with a wrong ticket', `{"ticket":"x","a":${nested(31)}}`, 401, 'unauthorised'],
  ['with a prototype key', '{"ticket":"x","__proto__":{"isOwner":true}}', 400, 'bad-body'],
  ['with an escaped prototype key', '{"ticket":"x","a":{"\\u005f_proto__":1}}', 400, 'bad-body'],
  ['no JSON', '{"ticket":', 400, 'bad-body'],
  ['of another shape', '{"ticket":5}', 400, 'bad-body'],
  ['with a ticket that is too long', JSON.stringify({ ticket: 'x'.repeat(257) }), 400, 'bad-body'],
] as const)('a body %s is refused', async ([, body, status, code]) => {
  await using hub = await startTestHub();
  expect(await post(hub, body)).toEqual([status, code]);
  expect((await hub.get('/api/v1/hosts')).status).toBe(200);
  expect(hub.troubles).toEqual([]);
});

test('a body that grows without saying so is cut at the limit', async () => {
  await using hub = await startTestHub();
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
  const answer = await rawPost(
    hub,
    ['Content-Type: application/json', 'Transfer-Encoding: chunked'],
    chunk.repeat(40),
  );
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

test.for([
  { 'Content-Type': 'text/plain' },
  { 'Content-Type': 'application/x-www-form-urlencoded' },
  { 'Content-Encoding': 'gzip' },
])('a body that is not plain JSON is refused: %o', async (headers) => {
  await using hub = await startTestHub();
  expect(await post(hub, '{"ticket":"x"}', headers)).toEqual([415, 'not-json']);
});

test.for([
  ['both Content-Length and Transfer-Encoding', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
  ['two different Content-Lengths', ['Content-Length: 5', 'Content-Length: 6']],
  ['two equal Content-Lengths', ['Content-Length: 5', 'Content-Length: 5']],
  ['an obsolete folded header', ['X-Folded: a', ' b']],
  ['a header with a bare LF', ['X-Bare: a\nX-Next: b']],
  ['headers of 20 KB', [`X-Large: ${'x'.repeat(20_000)}`]],
] as const)('a request with %s is refused and closed', async ([, lines]) => {
  await using hub = await startTestHub();
  const answer = await rawPost(hub, [...lines], '0\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect((await hub.get('/api/v1/hosts')).status).toBe(200);
});

test('a head that comes too slowly is cut', async () => {
  await using hub = await startTestHub({ headersTimeoutMs: 100, requestTimeoutMs: 100 });
  using slow = connectRaw(hub.port, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
  await slow.closed;
  expect(slow.text()).toMatch(/^HTTP\/1\.1 408 /);
});

test('a body that comes too slowly is cut', async () => {
  await using hub = await startTestHub({ headersTimeoutMs: 100, requestTimeoutMs: 100 });
  using slow = connectRaw(
    hub.port,
    'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  );
  await slow.closed;
  expect(slow.text()).not.toContain('HTTP/1.1 2');
  expect((await hub.get('/api/v1/hosts')).status).toBe(200);
  expect(hub.troubles).toEqual([]);
});
