/** `watchline hub` as a person meets it: what it prints, what it says when it cannot run, and how it ends. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultReach } from '../../shared/schema/reach.ts';
import { freePort } from '../support/proxies/free-port.ts';
import { readStream, type StreamReader } from '../support/stream-reader.ts';
import { runCommand, type RunCommandOptions, type RunningCommand } from '../support/run-command.ts';
import { makeTempFolder, type TempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const isRoot = process.getuid?.() === 0;

let folder: TempFolder;
let dataDir: string;

beforeEach(async () => {
  folder = await makeTempFolder();
  dataDir = join(folder.path, 'data');
});
afterEach(() => folder[Symbol.asyncDispose]());

function runHub(words: string[] = [], options: RunCommandOptions = {}): RunningCommand {
  return runCommand(['hub', '--port', '0', '--data', dataDir, '--no-journal', ...words], options);
}

/** The stream, by the very line that is printed to be pasted. */
async function readPrintedStream(hub: RunningCommand, query?: string): Promise<StreamReader> {
  const [, token, port] = await hub.untilPrinted(
    /curl -N -H "Authorization: Bearer (\S+)" http:\/\/127\.0\.0\.1:(\d+)\/api\/v1\/stream\n/,
  );
  return readStream({ port: Number(port), ownerToken: token!, ...(query !== undefined && { query }) });
}

test('prints the address of the page and a line for the stream, and both work', async () => {
  await using hub = runHub(['--name', 'web-1', '--logs', join(folder.path, '*.log')]);
  using reader = await readPrintedStream(hub);
  const { data: sample } = await reader.until('sample', ({ cpu }) => cpu.idle > 0);
  expect(sample.memory.totalBytes).toBeGreaterThan(0);
  expect(reader.dataOf('host')[0]?.name).toBe('web-1');
  const [, origin, ticket] = await hub.untilPrinted(/(http:\/\/127\.0\.0\.1:\d+)\/#ticket=(\S+)/);
  const swap = (): Promise<Response> =>
    fetch(`${origin}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: origin! },
      body: JSON.stringify({ ticket }),
    });
  expect((await swap()).ok).toBe(true);
  expect((await swap()).ok).toBe(false);
  expect(hub.stderr).toBe('');
});

test('says where others reach it, and at the next start too; a busy port is one sentence and ends nothing', async () => {
  const port = await freePort();
  const others = new RegExp(`Others reach it at https://(\\S+):${port}, by a link you share\\.`);
  await mkdir(dataDir, { recursive: true });
  await writeFile(join(dataDir, 'reach.json'), JSON.stringify({ ...defaultReach, network: 'tls', port }));
  {
    await using hub = runHub();
    await hub.untilPrinted(others);
    expect(hub.stderr).toBe('');
  }
  const other = createServer().listen(port, '::');
  await using hub = runHub();
  using reader = await readPrintedStream(hub);
  await reader.until('ready');
  expect(hub.stdout).not.toMatch(others);
  expect(hub.stderr).toBe(
    `watchline: Port ${port} is already in use by another program. ` +
      `Choose another port for "This network", such as ${port + 1}, or stop that program.\n`,
  );
  other.close();
});

describe('says in one sentence, with an exit code, that', () => {
  async function refusal(
    words: string[],
    env: Record<string, string> = {},
  ): Promise<[number | string, string]> {
    await using hub = runCommand(['hub', '--data', dataDir, ...words], { env });
    const code = await hub.ended;
    expect(hub.stdout).toBe('');
    expect(hub.stderr).not.toMatch(/^\s+at /m);
    return [code, hub.stderr];
  }

  test('the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const [code, text] = await refusal(['--port', String(port)]);
    other.close();
    expect(code).toBe(4);
    expect(text).toContain(String(port));
    expect(text).toContain('--port');
    expect(await readdir(dataDir)).toEqual([]);
  });

  test('a hub runs already', async () => {
    await using first = runHub();
    const [, origin] = await first.untilPrinted(/(http:\/\/\S+)\/#ticket/);
    const [code, text] = await refusal(['--port', '0']);
    expect(code).toBe(5);
    expect(text).toContain(`${origin} (process ${first.child.pid})`);
    expect(await readdir(dataDir)).toContain('hub.json');
  });

  test('a setting is wrong', async () => {
    const config = join(folder.path, 'config.yaml');
    await writeFile(config, 'hub:\n  prot: 7400\n');
    expect(await refusal(['--config', config])).toEqual([
      3,
      `${config}, line 2: there is no setting "hub.prot". Did you mean "hub.port"?\n` +
        'Rename or remove it; docs/operations.md lists all settings.\n',
    ]);
    expect(await refusal([], { WATCHLINE_PORT: 'http' })).toEqual([
      3,
      'WATCHLINE_PORT is "http", but must be a whole number from 0 (any free port) to 65535 that browsers connect to.\n' +
        'Set WATCHLINE_PORT to such a value, or unset it for the default.\n',
    ]);
  });

  test('a flag is unknown', async () => {
    const [code, text] = await refusal(['--prot', '80']);
    expect(code).toBe(2);
    expect(text).toMatch(/^There is no flag --prot\. Did you mean --port\?\n/);
  });

  test('the data folder cannot be one', async () => {
    await writeFile(join(folder.path, 'data'), '');
    const [code, text] = await refusal(['--port', '0']);
    expect(code).toBe(6);
    expect(text).toContain(dataDir);
    expect(text).toContain('--data');
  });
});

describe('ends', () => {
  test('in order on SIGTERM in mid-write, and leaves nothing behind', async () => {
    await using hub = runHub();
    using reader = await readPrintedStream(hub);
    await reader.until('sample');
    hub.child.kill('SIGTERM');
    await reader.until('bye', ({ reason }) => reason === 'shutdown');
    await reader.closed;
    expect(await hub.ended).toBe(0);
    expect(hub.stderr).toBe('');
    const kept = ['archive', 'history', 'host-id', 'log-positions.json'];
    // Notes too, where the machine stood still meanwhile.
    const isKept = (name: string) => kept.includes(name) || /^(audit|chronicle|notes)\.ndjson$/.test(name);
    expect((await readdir(dataDir)).filter((name) => !isKept(name))).toEqual([]);
  });

  test('once on a Ctrl-C that arrives twice, from the terminal and from npm', async () => {
    await using hub = runHub();
    using reader = await readPrintedStream(hub);
    await reader.until('ready');
    hub.child.kill('SIGINT');
    hub.child.kill('SIGINT');
    expect(await hub.ended).toBe(0);
  });

  test('not when nobody reads what it prints', async () => {
    await using hub = runHub();
    hub.child.stdout!.destroy();
    await until('the runtime file', async () =>
      (await readdir(dataDir).catch((): string[] => [])).includes('hub.json'),
    );
    hub.child.kill('SIGTERM');
    expect(await hub.ended).toBe(0);
  });
});

/** Root may read everything, unless it gives up the capabilities that say so (capabilities(7)). */
const asPlainRoot = [
  '/usr/bin/setpriv',
  '--bounding-set=-dac_override,-dac_read_search',
  '--inh-caps=-dac_override,-dac_read_search',
];

test('a log that may not be read is told, with what to do, and the rest is followed', async (context) => {
  if (isRoot && !existsSync(asPlainRoot[0]!)) context.skip('root reads everything, and there is no setpriv');
  const logs = join(folder.path, 'logs');
  await mkdir(logs);
  await writeFile(join(logs, 'secret.log'), 'nobody sees this\n', { mode: 0o000 });
  await writeFile(join(logs, 'open.log'), 'everybody sees this\n', { mode: 0o644 });
  await using hub = runHub(['--logs', join(logs, '*.log')], isRoot ? { through: asPlainRoot } : {});
  using reader = await readPrintedStream(hub);
  const { data: denied } = await reader.until('source', ({ state }) => state === 'denied');
  expect(denied.id).toBe(join(logs, 'secret.log'));
  expect(denied.reason).toMatch(/\S/);
  await reader.until('log', ({ text }) => text === 'everybody sees this');
  expect(reader.dataOf('log').map(({ text }) => text)).not.toContain('nobody sees this');
});

describe.skipIf(!isRoot || process.platform !== 'linux')(
  'on a full disk (needs root, to make a small one)',
  () => {
    let disk: string;

    beforeEach(async () => {
      disk = join(folder.path, 'disk');
      await mkdir(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
      dataDir = join(disk, 'data');
    });
    afterEach(async () => {
      execFileSync('umount', ['--lazy', disk]);
      await rm(disk, { recursive: true, force: true });
    });

    async function fill(): Promise<void> {
      await expect(writeFile(join(disk, 'ballast'), Buffer.alloc(1024 * 1024))).rejects.toThrow('ENOSPC');
    }

    test('the stream goes on, and the hub ends in order', async () => {
      await using hub = runHub(['--interval', '250']);
      using reader = await readPrintedStream(hub);
      await reader.until('sample');
      await fill();
      const before = reader.dataOf('sample').length;
      await until('three more samples', () => reader.dataOf('sample').length >= before + 3);
      hub.child.kill('SIGTERM');
      expect(await hub.ended).toBe(0);
    });

    test('a start says what is wrong, or serves', async () => {
      await mkdir(dataDir);
      await fill();
      await using hub = runHub();
      const outcome = await Promise.race([hub.ended, hub.untilPrinted(/curl -N/).then(() => 'serves')]);
      expect(['serves', 6]).toContain(outcome);
      expect(hub.stderr).not.toMatch(/Unexpected error/);
    });
  },
);
