/** `watchline tail` against a real hub: what it shows, what it hides, and how it comes back. */
import { writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logLineOf, observedHost, sampleOf } from '../support/observations.ts';
import { runCommand } from '../support/run-command.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

async function startFedHub(options: Parameters<typeof startTestHub>[0] = {}): Promise<TestHub> {
  const hub = await startTestHub(options);
  hub.sink.describe(observedHost('web-1'));
  return hub;
}

function feed(hub: TestHub, text: string, changes: Parameters<typeof logLineOf>[2] = {}): void {
  hub.sink.observe({ name: 'log', data: logLineOf('web-1', 0, { time: Date.now(), text, ...changes }) });
}

test("finds this machine's hub and its token by the data folder", async () => {
  await using hub = await startFedHub();
  feed(hub, 'before');
  await using tail = runCommand(['tail', '--data', hub.dataDir]);
  await tail.untilPrinted(/before\n/);
  feed(hub, 'after', { level: 'warn' });
  await tail.untilPrinted(/^\d\d:\d\d:\d\d\.\d{3} WARN  \S+ after$/m);
  tail.child.kill('SIGINT');
  expect(await tail.ended).toBe(0);
  expect(tail.stderr).toBe('');
});

test('shows terminal escapes and never obeys them', async () => {
  await using hub = await startFedHub();
  await using tail = runCommand(['tail', hub.origin], { env: { WATCHLINE_TOKEN: hub.ownerToken } });
  feed(hub, 'a\u001b]52;c;cm0gLXJm\u0007b\u009b31mc\u202ed\u200be\rf', { source: 'evil\u001b[2J' });
  feed(hub, 'end');
  await tail.untilPrinted(/end\n/);
  expect(tail.stdout).toContain('a␛]52;c;cm0gLXJm␇b<U+009B>31mc<U+202E>d<U+200B>e␍f');
  // eslint-disable-next-line no-control-regex -- control characters are what must not be there
  expect(tail.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u200b]/);
});

test('prints events as JSON that a terminal does not obey either', async () => {
  await using hub = await startFedHub();
  const text = 'x\u001b[31m\u009b31m\u202e';
  await using tail = runCommand(['tail', '--json', '--metrics', hub.origin], {
    env: { WATCHLINE_TOKEN: hub.ownerToken },
  });
  feed(hub, text);
  await tail.untilPrinted(/"log"/);
  hub.sink.observe({ name: 'sample', data: sampleOf('web-1') });
  await tail.untilPrinted(/"sample".*\n/);
  // eslint-disable-next-line no-control-regex -- control characters are what must not be there
  expect(tail.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  const events = tail.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; data: { text?: string } });
  expect(events.find(({ event }) => event === 'log')?.data.text).toBe(text);
});

test('shows one line of metrics per sample', async () => {
  await using hub = await startFedHub();
  await using tail = runCommand(['tail', '-m', hub.origin], { env: { WATCHLINE_TOKEN: hub.ownerToken } });
  hub.sink.observe({ name: 'sample', data: sampleOf('web-1') });
  await tail.untilPrinted(
    / cpu +[\d.]+ % {2}mem [\d.]+ [KMG]iB of [\d.]+ [KMG]iB {2}disk read .* net in .* load [\d.]+\n/,
  );
});

test('begins with as many lines as are wanted, and of those that pass', async () => {
  await using folder = await makeTempFolder();
  {
    await using first = await startFedHub({ dataDir: folder.path });
    for (let number = 0; number < 300; number++) feed(first, `line ${number} of the first`);
  }
  await using hub = await startFedHub({ dataDir: folder.path });
  feed(hub, 'rare', { level: 'error' });
  for (let number = 0; number < 1_300; number++) feed(hub, `line ${number}`);
  feed(hub, 'last', { level: 'error' });
  const begin = async (...words: string[]): Promise<string[]> => {
    await using tail = runCommand(['tail', '--data', folder.path, ...words]);
    await tail.untilPrinted(/last\n/);
    return tail.stdout.trim().split('\n');
  };
  expect(await begin('-n', '1500')).toHaveLength(1_500);
  const [rare, last, ...more] = await begin('-l', 'error');
  expect([rare, last]).toEqual([expect.stringMatching(/ rare$/), expect.stringMatching(/ last$/)]);
  expect(more).toEqual([]);
  const found = await begin('-n', '3', '-f', '"line 299" OR last');
  expect(found.map((line) => line.replace(/.*(?=line|last)/, ''))).toEqual([
    'line 299 of the first',
    'line 299',
    'last',
  ]);
});

test('filters by level and host', async () => {
  await using hub = await startFedHub();
  hub.sink.describe(observedHost('db-1', { name: 'database' }));
  const env = { WATCHLINE_TOKEN: hub.ownerToken };
  await using tail = runCommand(['tail', '-l', 'warn', '--host', 'database', '--', hub.origin], { env });
  feed(hub, 'other host', { level: 'error' });
  feed(hub, 'too quiet', { level: 'info', host: 'db-1' });
  feed(hub, 'wanted', { level: 'error', host: 'db-1' });
  await tail.untilPrinted(/ERROR database \S+ wanted\n/);
  expect(tail.stdout).not.toMatch(/other host|too quiet/);
});

test('says that the token is refused, and that no hub is there', async () => {
  await using hub = await startFedHub();
  await using wrong = runCommand(['tail', hub.origin], { env: { WATCHLINE_TOKEN: 'wrong' } });
  expect(await wrong.ended).toBe(7);
  expect(wrong.stderr).toMatch(/^The hub at http:\/\/127\.0\.0\.1:\d+ refused the token \(401\)\.\n/);
  await using folder = await makeTempFolder();
  await using none = runCommand(['tail', '--data', folder.path]);
  expect(await none.ended).toBe(7);
  expect(none.stderr).toMatch(/^No hub runs on this machine/);
});

test('reads the token from a file, and gives the local one to nobody else', async () => {
  await using hub = await startFedHub();
  await using other = await startFedHub();
  // The data folder is the other hub's: its token must not be tried here.
  await using without = runCommand(['tail', '--data', other.dataDir, hub.origin]);
  expect(await without.ended).toBe(7);
  const tokenFile = join(other.dataDir, 'token');
  await writeFile(tokenFile, `${hub.ownerToken}\n`);
  await using tail = runCommand(['tail', '--token-file', tokenFile, hub.origin]);
  feed(hub, 'hello');
  await tail.untilPrinted(/hello\n/);
});

test('goes on exactly where it was when the connection breaks', async () => {
  await using hub = await startFedHub();
  await using proxy = await startBreakableProxy(hub.port);
  const env = { WATCHLINE_TOKEN: hub.ownerToken };
  await using tail = runCommand(['tail', `http://127.0.0.1:${proxy.port}`], { env });
  feed(hub, 'one');
  await tail.untilPrinted(/one\n/);
  proxy.breakAll();
  feed(hub, 'two');
  feed(hub, 'three');
  await tail.untilPrinted(/three\n/);
  expect(tail.stdout.match(/(one|two|three)$/gm)).toEqual(['one', 'two', 'three']);
  expect(tail.stderr).toMatch(/^Lost the stream of http:\/\/127\.0\.0\.1:\d+: .*Trying again \.\.\.\n$/);
});

test("follows this machine's hub through a restart, with its new token", async () => {
  await using folder = await makeTempFolder();
  const first = await startFedHub({ dataDir: folder.path });
  await using tail = runCommand(['tail', '--data', folder.path]);
  feed(first, 'one');
  await tail.untilPrinted(/one\n/);
  await first[Symbol.asyncDispose]();
  await using second = await startFedHub({ dataDir: folder.path, port: first.port });
  expect(second.ownerToken).not.toBe(first.ownerToken);
  feed(second, 'two');
  await tail.untilPrinted(/two\n/);
});

test('ends quietly when nobody reads its output any more', async () => {
  await using hub = await startFedHub();
  await using tail = runCommand(['tail', hub.origin], { env: { WATCHLINE_TOKEN: hub.ownerToken } });
  feed(hub, 'first');
  await tail.untilPrinted(/first/);
  tail.child.stdout!.destroy();
  const timer = setInterval(() => feed(hub, 'x'.repeat(1000)), 10);
  expect(await tail.ended).toBe(0);
  clearInterval(timer);
  expect(tail.stderr).toBe('');
});

interface BreakableProxy extends AsyncDisposable {
  port: number;
  /** Resets every connection; new ones pass. */
  breakAll(): void;
}

async function startBreakableProxy(target: number): Promise<BreakableProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const breakAll = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
    sockets.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    breakAll,
    async [Symbol.asyncDispose]() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('filters in the language of the page, and stops an expression that would never end', async () => {
  await using hub = await startFedHub();
  const env = { WATCHLINE_TOKEN: hub.ownerToken };
  const filter = 'level>=warn host:web* -noise (status>=500 OR /time.?out/i)';
  feed(hub, 'kept before', { level: 'error', fields: { status: 502 } });
  feed(hub, 'left out before', { level: 'info', fields: { status: 502 } });
  await using tail = runCommand(['tail', '-f', filter, '--json', '--', hub.origin], { env });
  await tail.untilPrinted(/kept before/);
  feed(hub, 'a noise', { level: 'error', fields: { status: 503 } });
  feed(hub, 'fine', { level: 'warn', fields: { status: 200 } });
  feed(hub, 'TIME-OUT', { level: 'warn' });
  await tail.untilPrinted(/TIME-OUT.*\n/);
  const texts = tail.stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { data: { text: string } }).data.text);
  expect(texts).toEqual(['kept before', 'TIME-OUT']);

  await using slow = runCommand(['tail', '-f', '/^(a+)+$/', hub.origin], { env });
  feed(hub, `${'a'.repeat(60)}!`);
  expect(await slow.ended).not.toBe(0);
  expect(slow.stderr).toContain('took more than 250 ms on one line and was stopped');
});

test('names what is wrong with a filter, and where', async () => {
  await using tail = runCommand(['tail', '-f', 'a level>=wran', 'http://127.0.0.1:9']);
  expect(await tail.ended).toBe(2);
  expect(tail.stderr).toContain('There is no level "wran"');
  expect(tail.stderr).toContain('(character 3)');
});
