/** `watchline share` against a real hub of this machine. */
import { expect, test } from 'vitest';
import { sharesAnswer, type ShareAnswer } from '../../shared/schema/shares.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { runCommand } from '../support/run-command.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { enterShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

async function run(hub: TestHub, ...words: string[]) {
  await using command = runCommand(['share', ...words, '--data', hub.dataDir]);
  const code = await command.ended;
  return { code, stdout: command.stdout, stderr: command.stderr };
}

test('a link is made, opens, is listed and revoked; only the link goes to stdout', async () => {
  await using hub = await startTestHub({ observers: [new ScriptedObserver(observedHost('web-1'))] });
  const made = await run(
    hub,
    'create',
    '--label',
    'Friday',
    '--by',
    'Ana',
    '--host',
    'web-1',
    '--expires',
    '2h',
  );
  expect(made.code).toBe(0);
  expect(made.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/s\/[a-z0-9]{12}#[\w-]{43}\n$/);
  expect(made.stderr).toMatch(/curl -N -H "Authorization: Bearer wls_[^]*Warning: /);
  const guest = await enterShare(hub, made.stdout.trim());
  expect((await guest.ask('GET', '/api/v1/hosts')).status).toBe(200);

  {
    await using tail = runCommand(['tail', '--metrics', made.stdout.trim()]);
    await until('a line of metrics', () => {
      hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 0, { time: Date.now() }) });
      return tail.stdout.includes('cpu');
    });
  }

  const json = await run(
    hub,
    'create',
    '--json',
    '--show',
    'metrics',
    '--history',
    '1h',
    '--hide-names',
    '--no-redact',
  );
  const { share } = JSON.parse(json.stdout) as ShareAnswer;
  expect(share.scope).toMatchObject({
    channels: ['metrics'],
    hidesNames: true,
    redact: { secrets: false },
    since: expect.closeTo(Date.now() - 3_600_000, -5) as number,
  });
  const list = await run(hub, 'list');
  expect(list.stdout).toMatch(/^LABEL +ID +STATE/);
  expect(list.stdout).toMatch(
    /^Friday +\w{12} +open +2 +in \d+ min +\d+ \w+ ago +web-1, metrics, processes, logs$/m,
  );

  expect((await run(hub, 'revoke', 'Friday')).code).toBe(0);
  expect((await guest.ask('GET', '/api/v1/hosts')).status).toBe(403);
  expect(await run(hub, 'revoke', 'Friday')).toMatchObject({ code: 7, stdout: '' });
  expect((await run(hub, 'revoke', '--all')).stderr).toContain('Revoked 1 share link:');
  const { shares } = sharesAnswer.parse(await (await hub.get('/api/v1/shares')).json());
  expect(shares.map(({ state }) => state)).toEqual(['revoked', 'revoked']);
});

test('hosts are named as the dashboard does, or by their ids', async () => {
  const hosts = [
    ['1f0a-web', 'web'],
    ['2f0a-db', 'db'],
    ['3f0a-db', 'db'],
  ] as const;
  await using hub = await startTestHub({
    observers: hosts.map(([id, name]) => new ScriptedObserver(observedHost(id, { name }))),
  });
  const made = await run(hub, 'create', '--json', '--host', 'web', '2f0a-db');
  const { share } = JSON.parse(made.stdout) as ShareAnswer;
  expect(share.scope.hosts).toEqual(['1f0a-web', '2f0a-db']);
  const { code, stderr } = await run(hub, 'create', '--host', 'db');
  expect([code, stderr]).toEqual([
    7,
    expect.stringMatching(/Several hosts are called "db"[^]*2f0a-db, 3f0a-db/),
  ]);
});

test('what makes no sense ends with a word, and makes no link', async () => {
  await using hub = await startTestHub();
  for (const [words, code, word] of [
    [['revoke'], 2, 'give --all'],
    [['create', '--expires', 'soon'], 2, 'no span of time'],
    [['create', '--host', 'nobody'], 7, 'knows no host "nobody"'],
  ] as const) {
    const { code: ended, stderr } = await run(hub, ...words);
    expect([words, ended, stderr]).toEqual([words, code, expect.stringContaining(word)]);
  }
  expect(sharesAnswer.parse(await (await hub.get('/api/v1/shares')).json()).shares).toEqual([]);
});
