/** The secret of a link, swapped at a real hub: each way in which that goes. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ShareAnswer } from '../../../../shared/schema/shares.ts';
import { swapShareSecret, type SwapOutcome } from '../../../../renderer/session/share-session.ts';
import { askAsOwner } from '../../../support/agent-client.ts';
import { makeShare } from '../../../support/share-client.ts';
import { startTestHub, type TestHub } from '../../../support/start-test-hub.ts';

const opened = new AsyncDisposableStack();
let hub: TestHub;
let made: ShareAnswer;

beforeAll(async () => {
  hub = opened.use(await startTestHub());
  made = await makeShare(hub, { maxViewers: 1 });
});
afterAll(() => opened.disposeAsync());

function swap(secret = new URL(made.link).hash.slice(1)): Promise<SwapOutcome> {
  return swapShareSecret(made.share.id, secret, 'Bea', hub.origin);
}

async function change(body: object): Promise<void> {
  await askAsOwner(hub, 'PATCH', `/api/v1/shares/${made.share.id}`, body);
}

test('accepted once, then full for the next browser, then paused, then ended', async () => {
  expect(await swap()).toEqual({ kind: 'accepted' });
  expect(await swap()).toMatchObject({ kind: 'refused', end: 'full' });
  await change({ isPaused: true });
  expect(await swap()).toMatchObject({ kind: 'refused', end: 'paused' });
  await askAsOwner(hub, 'DELETE', `/api/v1/shares/${made.share.id}`);
  expect(await swap()).toMatchObject({ kind: 'refused', end: 'revoked' });
});

test.each(['cut-short', 'x'.repeat(500)])('a secret that is none is a wrong link (%#)', async (secret) => {
  expect(await swap(secret)).toMatchObject({ kind: 'refused', end: 'wrong-link' });
});

test('where nothing answers it is tried again, and is no wrong link', async () => {
  expect(await swapShareSecret(made.share.id, 'secret', '', 'http://127.0.0.1:9')).toEqual({
    kind: 'unreachable',
    retryAfterMs: null,
  });
});
