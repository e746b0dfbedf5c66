/** The line to paste: the address an agent can reach, the pin where it needs one, and a warning where it cannot. */
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { agentLine, reachOf, type HubPlace } from '../../../../hub/agents/reach.ts';
import { openKeptPair } from '../../../../hub/tls/kept-pair.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';

const plain: HubPlace = {
  listenHost: '127.0.0.1',
  port: 7400,
  tls: null,
  answersTo: (name) => name === 'localhost',
};
const atHome = { authority: '127.0.0.1:7400', origin: undefined };

const outward = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(
    ({ internal, family, address }) => !internal && family === 'IPv4' && !address.startsWith('169.254.'),
  )?.address;

async function secure(changes: Partial<HubPlace> = {}): Promise<HubPlace & AsyncDisposable> {
  const folder = await makeTempFolder();
  const tls = openKeptPair({ dataDir: folder.path, listenHost: '0.0.0.0', allowedHosts: [] });
  return {
    listenHost: '0.0.0.0',
    port: 7443,
    tls,
    answersTo: (name) => name === 'localhost',
    ...changes,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

test('a hub of loopback alone says so, and with which flags others reach it', () => {
  const { hubUrl, pin, warning } = reachOf(plain, null, atHome);
  expect({ hubUrl, pin }).toEqual({ hubUrl: 'http://127.0.0.1:7400', pin: null });
  expect(warning).toContain('--host 0.0.0.0 --tls');
});

test('plain HTTP to another machine is warned of', () => {
  const place = { ...plain, listenHost: '192.0.2.7' };
  const reach = reachOf(place, null, atHome);
  expect(reach.hubUrl).toBe('http://192.0.2.7:7400');
  expect(reach.warning).toMatch(/plain HTTP.*--tls/);
});

test.skipIf(outward === undefined)(
  'an owner who comes by loopback invites to the address of the network',
  async () => {
    await using place = await secure();
    const reach = reachOf(place, null, { authority: 'localhost:7443', origin: undefined });
    expect(reach).toEqual({
      hubUrl: `https://${outward}:7443`,
      pin: expect.stringMatching(/^sha256\/[\w-]{43}$/) as string,
      warning: null,
    });
    expect(agentLine(reach, 'ABCD-EFGH')).toBe(
      `watchline agent --hub https://${outward}:7443 --code ABCD-EFGH --pin ${reach.pin}`,
    );
  },
);

test('behind a proxy the address is that of the owner’s page, and no pin of ours is for it', async () => {
  const visit = { authority: 'watch.example', origin: 'https://watch.example' };
  expect(reachOf(plain, null, visit)).toEqual({ hubUrl: 'https://watch.example', pin: null, warning: null });
  await using place = await secure();
  expect(reachOf(place, 'https://localhost', visit).pin).toBeNull();
});

test('what the owner gave is taken, with what stands in its way', async () => {
  await using place = await secure();
  const asked = (url: string) => reachOf(place, url, atHome);
  expect(asked('https://watch.example:7443').warning).toContain('--allow-host watch.example');
  expect(asked('https://192.0.2.7:7443').warning).toBeNull();
  expect(asked('https://127.0.0.1:7443').warning).toContain('its own machine');
  expect(asked('http://watch.example:7443').warning).toContain('plain HTTP');
  await using atHomeOnly = await secure({ listenHost: '127.0.0.1' });
  expect(reachOf(atHomeOnly, 'https://192.0.2.7:7443', atHome).warning).toContain('--host 0.0.0.0 --tls');
});

test.for([
  'ftp://watch.example',
  'https://user:secret@watch.example',
  'https://watch.example/page',
  'https://watch.example?x',
  'https://watch.example;reboot',
  "https://watch'$(reboot).example",
])('%s is not the address of a hub', (url) => {
  expect(() => reachOf(plain, url, atHome)).toThrow(
    expect.objectContaining({ status: 400, code: 'bad-hub-url' }),
  );
});
