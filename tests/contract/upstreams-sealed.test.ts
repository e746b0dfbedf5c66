/** Tokens of other hubs on the disk: sealed where there is a keyring, and never sent where it does not open. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { KEY_BYTES, keyringOf, type Keyring } from '../../hub/access/keyring.ts';
import { startHostileUpstream } from '../support/hostile-upstream.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { addUpstream, untilUpstream } from '../support/upstream-client.ts';
import { until } from '../support/until.ts';

const quick = { upstreamRetryMs: 20, upstreamRefusedRetryMs: 50 };
const token = 'a-token-that-is-nobodys-business-0123456789';

test('a token kept in the clear is sealed by the first keyring, used with it, and never sent without', async () => {
  await using folder = await makeTempFolder();
  await using upstream = await startHostileUpstream('compressed');
  const key = keyringOf(randomBytes(KEY_BYTES));
  const startWith = (keyring?: Keyring) =>
    startTestHub({ ...quick, dataDir: folder.path, ...(keyring && { keyring }) });
  const onDisk = () => readFile(path.join(folder.path, 'upstreams.json'), 'utf8');
  const untilAsked = async () => {
    const before = upstream.asked.length;
    await until('a try', () => upstream.asked.length > before);
    return upstream.asked.at(-1)!.token;
  };

  {
    await using hub = await startWith();
    await addUpstream(hub, upstream.origin, { token });
    expect(await onDisk()).toContain(token);
  }
  {
    await using _hub = await startWith(key);
    expect(await untilAsked()).toBe(`Bearer ${token}`);
    expect(await onDisk()).not.toContain(token);
  }
  const asked = upstream.asked.length;
  {
    await using hub = await startWith(keyringOf(randomBytes(KEY_BYTES)));
    const { reason } = await untilUpstream(hub, 'refused');
    expect(reason).toBe(
      'Its token is sealed by a keyring that cannot be opened here. Remove it and add it again, or start the desktop app that it was added with.',
    );
    expect(hub.troubles).toEqual([]);
  }
  expect(upstream.asked).toHaveLength(asked);
  {
    await using _hub = await startWith(key);
    expect(await untilAsked()).toBe(`Bearer ${token}`);
  }
});
