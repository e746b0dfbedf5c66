/** Upstreams over TLS: verified by what this machine trusts, or by the key the owner has confirmed; never not at all. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { observedHost, sampleOf } from '../support/observations.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { addUpstream, hostsOfHub, probeUpstream, untilUpstream } from '../support/upstream-client.ts';
import { until } from '../support/until.ts';

const quick = { upstreamRetryMs: 20, upstreamRefusedRetryMs: 50 };

test('a certificate that nobody vouches for is read with its pin only, and another key ends it', async () => {
  await using folder = await makeTempFolder();
  await using hub = await startTestHub(quick);
  const options = {
    tls: 'self-signed',
    dataDir: folder.path,
    tokenFile: path.join(folder.path, 'token'),
  } as const;
  let port: number;
  {
    await using source = await startTestHub(options);
    port = source.port;
    source.sink.describe(observedHost());
    source.sink.observe({ name: 'sample', data: sampleOf('web-1', 0, { time: Date.now() }) });
    const more = { token: source.ownerToken };

    const unpinned = await addUpstream(hub, `https://localhost:${port}`, more);
    const { reason } = await untilUpstream(hub, 'refused', unpinned.id);
    expect(reason).toContain('is not trusted');
    expect(reason).not.toContain('--pin');

    const { certificate } = await probeUpstream(hub, source.origin);
    const { id } = await addUpstream(hub, source.origin, { ...more, pin: certificate!.pin });
    await untilUpstream(hub, 'live', id);
    expect(await hostsOfHub(hub)).toMatchObject([{ host: { id: 'web-1', status: 'live' } }]);
  }
  for (const name of ['tls-cert.pem', 'tls-key.pem']) rmSync(path.join(folder.path, name));
  await using _impostor = await startTestHub({ ...options, port });
  const entry = await untilUpstream(hub, 'refused', await pinnedId(hub));
  expect(entry.reason).toContain('shows another key');
  expect(entry.reason).toContain('If its owner confirms this key, remove the hub here and add it again.');
});

test('the token in a file lets a hub that was started anew be read on', async () => {
  await using folder = await makeTempFolder();
  await using hub = await startTestHub(quick);
  const options = { dataDir: folder.path, tokenFile: path.join(folder.path, 'token') };
  let port = 0;
  for (const name of ['web-1', 'web-2']) {
    await using source = await startTestHub({ ...options, port });
    source.sink.describe(observedHost(name));
    if (port === 0) await addUpstream(hub, source.origin, { token: source.ownerToken });
    port = source.port;
    await until(`the host ${name} alone`, async () => {
      const hosts = await hostsOfHub(hub);
      return hosts.length === 1 && hosts[0]!.host.id === name;
    });
  }
});

async function pinnedId(hub: Parameters<typeof hostsOfHub>[0]): Promise<string> {
  const answer = await fetch(`${hub.origin}/api/v1/upstreams`, {
    headers: { Authorization: `Bearer ${hub.ownerToken}` },
  });
  const { upstreams } = (await answer.json()) as { upstreams: { id: string; pin: string | null }[] };
  return upstreams.find(({ pin }) => pin !== null)!.id;
}
