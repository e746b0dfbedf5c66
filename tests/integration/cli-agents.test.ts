/** `watchline invite` and `watchline agents` against a real hub of this machine, plain and with TLS. */
import { expect, test } from 'vitest';
import { askToPair, listAgents, pairAgent } from '../support/agent-client.ts';
import { runCommand } from '../support/run-command.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

async function run(words: readonly string[]) {
  await using command = runCommand(words);
  const code = await command.ended;
  return { code, stdout: command.stdout, stderr: command.stderr };
}

test('invite prints the line alone to stdout, and what stands in the way to stderr; its code pairs', async () => {
  await using hub = await startTestHub();
  const { code, stdout, stderr } = await run(['invite', '--data', hub.dataDir, '--group', 'Berlin']);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^watchline agent --hub http:\/\/127\.0\.0\.1:\d+ --code [A-Z2-9]{4}-[A-Z2-9]{4}\n$/,
  );
  expect(stderr).toMatch(/within 15 minutes[^]*Warning: .*--network tls/);
  expect((await askToPair(hub, { code: /--code (\S+)/.exec(stdout)![1]! })).status).toBe(200);
});

test('invite finds a hub with TLS by its own certificate, and its line holds the pin', async () => {
  await using hub = await startTestHub({ tls: 'self-signed' });
  const { stdout } = await run(['invite', '--data', hub.dataDir]);
  expect(stdout).toMatch(/--hub https:\S+ --code \S+ --pin sha256\/[\w-]{43}\n$/);
});

test('agents lists who is paired and revokes one, by name or id', async () => {
  await using hub = await startTestHub();
  for (const [id, name] of [
    ['one', 'web'],
    ['two', 'web'],
    ['three', 'evil\u001b[2J'],
  ] as const)
    await pairAgent(hub, { id, name });
  const list = await run(['agents', '--data', hub.dataDir]);
  expect(list.stdout).toMatch(/^NAME +ID +LAST SEEN/);
  expect(list.stdout).toMatch(/^web +two +never +- +- +0\.1\.0/m);
  expect(list.stdout).toContain('evil␛[2J');

  const unclear = await run(['agents', 'revoke', 'web', '--data', hub.dataDir]);
  expect(unclear).toMatchObject({
    code: 7,
    stdout: '',
    stderr: expect.stringContaining('one, two') as string,
  });
  expect((await run(['agents', '--data', hub.dataDir, 'revoke', 'two'])).code).toBe(0);
  expect((await listAgents(hub)).map(({ host }) => host)).toEqual(['one', 'three']);
  expect((await run(['agents', 'revoke', 'web', '--data', hub.dataDir])).code).toBe(0);
  const json = await run(['agents', '--json', '--data', hub.dataDir]);
  expect(
    json.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { host: string }).host),
  ).toEqual(['three']);
});

test('a reader of the list that has read enough is no error', async () => {
  await using hub = await startTestHub();
  for (const id of ['one', 'two', 'three']) await pairAgent(hub, { id });
  await using command = runCommand(['agents', '--json', '--data', hub.dataDir]);
  command.child.stdout!.destroy();
  expect({ code: await command.ended, stderr: command.stderr }).toEqual({ code: 0, stderr: '' });
});

test('without a hub both say what to do', async () => {
  await using folder = await makeTempFolder();
  for (const word of ['invite', 'agents']) {
    const { code, stdout, stderr } = await run([word, '--data', folder.path]);
    expect({ code, stdout }).toEqual({ code: 7, stdout: '' });
    expect(stderr).toMatch(/No hub runs on this machine[^]*"watchline hub"/);
  }
});

test('what the hub refuses is told in its own words', async () => {
  await using hub = await startTestHub();
  const { code, stderr } = await run(['invite', '--data', hub.dataDir, '--url', 'https://web/page']);
  expect(code).toBe(7);
  expect(stderr).toContain('https://watch.example:7443');
});
