/** The line to paste: the address an agent can reach, the pin where it needs one, and a warning where it cannot. */
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { agentAddress, agentLine } from '../../../../hub/reach/agent-address.ts';
import type { StandingReach } from '../../../../hub/reach/origins.ts';
import { openKeptPair } from '../../../../hub/tls/kept-pair.ts';
import type { TlsPair } from '../../../../hub/tls/tls-pair.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';

const plain: StandingReach = {
  home: { listenHost: '127.0.0.1', port: 7400, tls: null },
  network: null,
  publicUrl: null,
  outward: null,
  answersTo: (name) => name === 'localhost',
};
const atHome = { authority: '127.0.0.1:7400', origin: undefined };

const outward = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(
    ({ internal, family, address }) => !internal && family === 'IPv4' && !address.startsWith('169.254.'),
  )?.address;

async function secure(
  listenHost = '0.0.0.0',
): Promise<StandingReach & { home: { tls: TlsPair } } & AsyncDisposable> {
  const folder = await makeTempFolder();
  const tls = openKeptPair({ dataDir: folder.path, listenHost: '0.0.0.0', allowedHosts: [] });
  return {
    ...plain,
    home: { listenHost, port: 7443, tls },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

test('a hub of loopback alone says so, and how others would reach it', () => {
  const { hubUrl, pin, warning } = agentAddress(plain, null, atHome);
  expect({ hubUrl, pin }).toEqual({ hubUrl: 'http://127.0.0.1:7400', pin: null });
  expect(warning).toContain('--network tls');
});

test('plain HTTP to another machine is warned of', () => {
  const place = { ...plain, home: { ...plain.home, listenHost: '192.0.2.7' } };
  const reach = agentAddress(place, null, atHome);
  expect(reach.hubUrl).toBe('http://192.0.2.7:7400');
  expect(reach.warning).toMatch(/plain HTTP.*--network tls/);
});

test.skipIf(outward === undefined)(
  'an owner who comes by loopback invites to the address of the network',
  async () => {
    await using place = await secure();
    const reach = agentAddress(place, null, { authority: 'localhost:7443', origin: undefined });
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
  expect(agentAddress(plain, null, visit)).toEqual({
    hubUrl: 'https://watch.example',
    pin: null,
    warning: null,
  });
  await using place = await secure();
  expect(agentAddress(place, 'https://localhost', visit).pin).toBeNull();
});

test('the second listener, and before it the public address, is what an agent elsewhere is given', async () => {
  await using place = await secure();
  const network = { port: 7444, certificate: { pair: place.home.tls } };
  const opened = { ...plain, network, outward: outward ?? null };
  if (outward !== undefined) {
    const { pin, ...rest } = agentAddress(opened, null, atHome);
    expect(rest).toEqual({ hubUrl: `https://${outward}:7444`, warning: null });
    expect(pin).toMatch(/^sha256\//);
  }
  const known = { ...opened, publicUrl: 'https://watch.example' };
  expect(agentAddress(known, null, atHome)).toEqual({
    hubUrl: 'https://watch.example',
    pin: null,
    warning: null,
  });
  expect(agentAddress(opened, null, { authority: 'watch.example:7444', origin: undefined }).hubUrl).toBe(
    'https://watch.example:7444',
  );
});

test('what the owner gave is taken, with what stands in its way', async () => {
  await using place = await secure();
  const asked = (url: string) => agentAddress(place, url, atHome);
  expect(asked('https://watch.example:7443').warning).toContain('--allow-host watch.example');
  expect(asked('https://192.0.2.7:7443').warning).toBeNull();
  expect(asked('https://127.0.0.1:7443').warning).toContain('its own machine');
  expect(asked('http://watch.example:7443').warning).toContain('plain HTTP');
  await using atHomeOnly = await secure('127.0.0.1');
  expect(agentAddress(atHomeOnly, 'https://192.0.2.7:7443', atHome).warning).toContain('--network tls');
});

test.for([
  'ftp://watch.example',
  'https://user:secret@watch.example',
  'https://watch.example/page',
  'https://watch.example?x',
  'https://watch.example;reboot',
  "https://watch'$(reboot).example",
])('%s is not the address of a hub', (url) => {
  expect(() => agentAddress(plain, url, atHome)).toThrow(
    expect.objectContaining({ status: 400, code: 'bad-hub-url' }),
  );
});
