/** `watchline agent` as a person meets it: pairing with a real hub, and a sentence with an exit code for whatever keeps it from that. */
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pairedToken } from '../support/batch-sender.ts';
import { runCommand, type RunningCommand } from '../support/run-command.ts';
import {
  answersHtml,
  redirects,
  refuses,
  startScriptedUplinkHub,
  takes,
  type Script,
} from '../support/scripted-uplink-hub.ts';
import { ask, bearer } from '../support/secure-reader.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder, type TempFolder } from '../support/temp-folder.ts';
import { makeTlsIdentity, startBytesListener } from '../support/tls-listener.ts';
import { until } from '../support/until.ts';

const NO_CODE = 'ABCD-EFGH';
const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1');
const OTHER_PIN = `sha256/${'A'.repeat(43)}`;

let folder: TempFolder;
let dataDir: string;

beforeEach(async () => {
  folder = await makeTempFolder();
  dataDir = join(folder.path, 'agent');
});
afterEach(() => folder[Symbol.asyncDispose]());

function runAgent(words: readonly string[], env: Record<string, string> = {}): RunningCommand {
  return runCommand(
    ['agent', '--data', dataDir, '--no-journal', '--logs', join(folder.path, '*.log'), ...words],
    {
      env,
    },
  );
}

interface Invitation {
  code: string;
  pin: string;
}

async function invite(hub: TestHub): Promise<Invitation> {
  const answer = await ask(hub, 'HTTP/1.1', {
    path: '/api/v1/invitations',
    method: 'POST',
    headers: { ...bearer(hub), 'content-type': 'application/json' },
    body: '{}',
  });
  return JSON.parse(answer.body) as Invitation;
}

interface SeenHost {
  host: { id: string; name: string; status: string; origin: string };
  sample: { time: number } | null;
}

async function hostsOf(hub: TestHub): Promise<SeenHost[]> {
  const { body } = await ask(hub, 'HTTP/2', { path: '/api/v1/hosts', headers: bearer(hub) });
  return (JSON.parse(body) as { hosts: SeenHost[] }).hosts;
}

describe('paired by the line of an invitation', () => {
  test.skipIf(!hasIpv6)('reaches a hub at an IPv6 address by HTTP/2', async () => {
    await using hub = await startTestHub({ tls: 'self-signed', host: '::1' });
    const { code, pin } = await invite(hub);
    const address = `https://[::1]:${hub.port}`;
    await using agent = runAgent(['--hub', address, '--code', code, '--pin', pin]);
    await until('its words', () => agent.stderr.includes('Connected (HTTP/2).'));
    expect(agent.stderr).toContain(`Paired with ${address} as `);
  });

  test('sends this machine, keeps its token to itself, and needs no code again', async () => {
    await using hub = await startTestHub({ tls: 'self-signed' });
    const { code, pin } = await invite(hub);
    {
      await using agent = runAgent(['--hub', hub.origin, '--code', code, '--pin', pin, '--name', 'web-1']);
      const seen = await until(`a live host, but: ${agent.stderr}`, async () =>
        (await hostsOf(hub)).find(({ host, sample }) => host.status === 'live' && sample !== null),
      );
      expect(seen.host).toMatchObject({ name: 'web-1', origin: 'agent' });
      await until('its words', () => agent.stderr.includes('Connected (HTTP/2).'));
      expect(agent.stderr).toContain(`Paired with ${hub.origin} as ${seen.host.id}.`);
      expect((await stat(join(dataDir, 'agent.json'))).mode & 0o777).toBe(0o600);
      const { token } = JSON.parse(await readFile(join(dataDir, 'agent.json'), 'utf8')) as { token: string };
      expect(agent.stderr + agent.stdout).not.toContain(token);
      agent.child.kill('SIGTERM');
      expect(await agent.ended).toBe(0);
    }
    await using again = runAgent([]);
    await until('it to connect', () => again.stderr.includes('Connected (HTTP/2).'));
    expect(await hostsOf(hub)).toHaveLength(1);
  });
});

describe('says in one sentence, with an exit code, that', () => {
  async function refusal(
    words: readonly string[],
    env: Record<string, string> = {},
  ): Promise<[unknown, string]> {
    await using agent = runAgent(words, env);
    const code = await agent.ended;
    expect(agent.stdout).toBe('');
    expect(agent.stderr).not.toMatch(/^\s+at /m);
    return [code, agent.stderr];
  }

  test('it was never paired', async () => {
    const [code, text] = await refusal([]);
    expect(code).toBe(10);
    expect(text).toContain(`This agent is not paired with a hub (there is no agent.json in ${dataDir}).`);
    expect(text).toContain('"Add a server"');
  });

  test('a setting cannot be used', async () => {
    expect(await refusal(['--code', '1234'])).toMatchObject([3, /a pairing code like ABCD-EFGH/]);
    expect(await refusal(['--code', NO_CODE])).toMatchObject([2, /A code needs its hub/]);
    expect(await refusal(['--code', NO_CODE, '--hub', 'web'])).toMatchObject([3, /https:\/\/hub.example/]);
    const plain = ['--code', NO_CODE, '--hub', 'http://192.0.2.1:7400'];
    expect(await refusal(plain)).toMatchObject([3, /plain HTTP, and not on this machine/]);
    expect(await refusal(['--pin', 'sha256/short'])).toMatchObject([3, /a public-key pin/]);
    expect(await refusal(['--port', '80'])).toMatchObject([2, /There is no flag --port/]);
  });

  test('the code is wrong, or was used', async () => {
    await using hub = await startTestHub({ tls: 'self-signed' });
    const { code, pin } = await invite(hub);
    const wrong = code.replace(/.$/, (letter) => (letter === 'A' ? 'B' : 'A'));
    const [exit, text] = await refusal(['--hub', hub.origin, '--code', wrong, '--pin', pin]);
    expect(exit).toBe(10);
    expect(text).toContain(`does not take the code ${wrong}`);
    expect(existsSync(join(dataDir, 'agent.json'))).toBe(false);
  });

  test('the code is too old', async () => {
    await using hub = await startScriptedUplinkHub(refuses(403, 'expired-code'));
    const [exit, text] = await refusal(['--hub', hub.url.origin, '--code', NO_CODE]);
    expect(exit).toBe(10);
    expect(text).toContain('codes are good for 15 minutes');
  });

  test('the hub shows another key: it hears nothing of the code', async () => {
    await using hub = await startScriptedUplinkHub(takes, { tls: makeTlsIdentity() });
    const words = ['--hub', hub.url.origin, '--code', NO_CODE];
    const [exit, text] = await refusal([...words, '--pin', OTHER_PIN]);
    expect(exit).toBe(11);
    expect(text).toContain(`shows another key (${hub.pin}) than the pinned one (${OTHER_PIN})`);
    expect(text).toContain(`--pin ${hub.pin}`);
    const [unpinned, words2] = await refusal(words);
    expect(unpinned).toBe(11);
    expect(words2).toContain('is not trusted (no authority that is known here vouches for it)');
    expect(hub.others).toEqual([]);
  });

  test.for([
    ['a web page stands there', answersHtml, /answers with a web page \(200\)/],
    ['a captive portal stands before it', redirects, /redirects to http:\/\/portal\.example/],
    ['it is full', refuses(503, 'hub-full', { 'retry-after': '60' }), /It is hub-full/],
  ] as const satisfies readonly [string, Script, RegExp][])('%s', async ([, script, words]) => {
    await using hub = await startScriptedUplinkHub(script);
    const [exit, text] = await refusal(['--hub', hub.url.origin, '--code', NO_CODE]);
    expect(exit).toBe(12);
    expect(text).toMatch(words);
  });

  test('nobody is there, or nobody who speaks TLS', async () => {
    const nobody = ['--hub', 'https://127.0.0.1:1', '--code', NO_CODE];
    expect(await refusal(nobody)).toMatchObject([12, /127\.0\.0\.1:1 refuses connections\./]);
    await using plain = await startBytesListener('HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await refusal(['--hub', plain.url.origin, '--code', NO_CODE])).toMatchObject([
      12,
      /does not speak TLS/,
    ]);
  });

  test('its state file is damaged; it is set aside, and never written over', async () => {
    await mkdir(dataDir, { recursive: true });
    await writeFile(join(dataDir, 'agent.json'), '{"hub": "https://');
    const [exit, text] = await refusal([]);
    expect(exit).toBe(6);
    expect(text).toContain('is damaged, so its token is lost. It was set aside as');
    expect(await readFile(join(dataDir, 'agent.json.damaged'), 'utf8')).toBe('{"hub": "https://');
    expect(await readdir(dataDir)).not.toContain('agent.json');
    expect((await refusal([]))[0]).toBe(10);
  });

  test.skipIf(process.getuid?.() !== 0)('its state file cannot be read; it is left as it is', async () => {
    await mkdir(dataDir, { recursive: true });
    await writeFile(join(dataDir, 'agent.json'), '{}', { mode: 0o600 });
    await chmod(folder.path, 0o755);
    await chmod(dataDir, 0o777);
    await using agent = runCommand(['agent', '--data', dataDir], {
      through: ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'],
    });
    expect(await agent.ended).toBe(6);
    expect(agent.stderr).toContain('cannot be read (EACCES)');
    expect(await readFile(join(dataDir, 'agent.json'), 'utf8')).toBe('{}');
  });

  test('another agent runs on its folder', async () => {
    await using hub = await startScriptedUplinkHub();
    await writePairing(hub.url.origin, 'a-token');
    await using first = runAgent([]);
    await until('the first to begin', () => existsSync(join(dataDir, 'spool')) && hub.batches.length > 0);
    const [exit, text] = await refusal([]);
    expect(exit).toBe(5);
    expect(text).toContain(`Process ${first.child.pid} uses the folder`);
  });
});

async function writePairing(hub: string, token: string): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const pairing = { hub, trust: { kind: 'system' }, host: 'web-1', token, pairedAt: 0 };
  await writeFile(join(dataDir, 'agent.json'), JSON.stringify(pairing));
}

describe('while it runs', () => {
  test('each trouble is a line, and everything is kept meanwhile', async () => {
    await using hub = await startScriptedUplinkHub(refuses(409, 'cloned'));
    await writePairing(hub.url.origin, 'a-token');
    await using agent = runAgent([]);
    await until('the word', () => agent.stderr.includes('Meanwhile everything is kept here'));
    expect(agent.stderr).toMatch(/It is cloned\. Mend it\. .* tried again in \d+ min\.\n$/);
    agent.child.kill('SIGTERM');
    expect(await agent.ended).toBe(0);
  });

  test('a folder from its supervisor is its data folder', async () => {
    const [code, text] = await (async () => {
      await using agent = runCommand(['agent'], { env: { STATE_DIRECTORY: dataDir } });
      return [await agent.ended, agent.stderr] as const;
    })();
    expect(code).toBe(10);
    expect(text).toContain(`no agent.json in ${dataDir}`);
  });

  test('the signal of a machine about to sleep sends a last word', async () => {
    const hubDir = join(folder.path, 'hub');
    await mkdir(hubDir);
    const token = pairedToken(hubDir, 'web-1');
    await using hub = await startTestHub({ dataDir: hubDir });
    await writePairing(hub.origin, token);
    await using agent = runAgent([]);
    await until('it to connect', () => agent.stderr.includes('Connected'));
    agent.child.kill('SIGUSR2');
    await until('the host to be asleep', async () => {
      const answer = (await (await hub.get('/api/v1/hosts')).json()) as { hosts: SeenHost[] };
      return answer.hosts[0]?.host.status === 'asleep';
    });
  });
});
