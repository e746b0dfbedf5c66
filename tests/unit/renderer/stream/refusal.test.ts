/** What an answer that is no stream means, and when to ask again. */
import { expect, test } from 'vitest';
import { refusalOf } from '../../../../renderer/stream/refusal.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

function refusal(status: number, headers: Record<string, string> = {}): ReturnType<typeof refusalOf> {
  return refusalOf(new Response(null, { status, headers }), now);
}

test.each([
  [401, 'signed-out'],
  [403, 'signed-out'],
  [404, 'absent'],
  [405, 'absent'],
  [200, 'intercepted'],
  [204, 'busy'],
  [429, 'busy'],
  [502, 'busy'],
])('%i is %s', async (status, why) => {
  expect((await refusal(status)).why).toBe(why);
});

test.each([
  ['5', 5_000],
  ['0', 0],
  ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
  ['99999999', 3_600_000],
  ['soon', null],
  ['-5', null],
  ['', null],
])('Retry-After "%s" is %s ms', async (text, ms) => {
  expect((await refusal(503, { 'Retry-After': text })).retryAfterMs).toBe(ms);
});

test('no Retry-After: no time was told', async () => {
  expect((await refusal(503)).retryAfterMs).toBeNull();
});

test.each([
  [401, 'no-share-session', 'no-session'],
  [403, 'share-revoked', 'revoked'],
  [403, 'share-paused', 'paused'],
  [429, 'share-full', 'full'],
  [429, 'too-many-streams', null],
  [502, 'share-revoked', null],
])('%i with the code %s: the share is %s', async (status, code, end) => {
  const error = { code, message: 'What happened.', remedy: null };
  expect((await refusalOf(Response.json({ error }, { status }), now)).end).toBe(end);
});
