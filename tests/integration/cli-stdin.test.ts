/** `somecmd | watchline hub --stdin somecmd` and the same with an agent: what comes over a pipe is a source as any other. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { invite } from '../support/agent-client.ts';
import { runCommand, type RunningCommand } from '../support/run-command.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

/** More than a pipe holds. */
const LINES = 3_000;

function run(command: 'hub' | 'agent', folder: string, words: readonly string[]): RunningCommand {
  const own = ['--data', join(folder, 'data'), '--no-journal', '--logs', join(folder, '*.log')];
  return runCommand([command, ...own, '--stdin', 'job', ...words], { hasInput: true });
}

function write(command: RunningCommand): void {
  const lines = Array.from(
    { length: LINES },
    (_, i) => `${i} of many lines, and an error: is among its words`,
  );
  command.child.stdin!.end(`${lines.join('\n')}\nthe last, without an end`);
}

async function expectLines(reader: ReturnType<typeof readStream>): Promise<void> {
  await reader.until('log', ({ text }) => text === 'the last, without an end');
  await reader.until('source', ({ kind, state }) => kind === 'stdin' && state === 'waiting');
  const lines = reader.dataOf('log').filter(({ source }) => source === 'job');
  expect(lines).toHaveLength(LINES + 1);
  // An agent sends what is new before what it had to keep.
  const seventh = lines.find(({ text }) => text === '7 of many lines, and an error: is among its words');
  expect(seventh?.level).toBe('error');
}

test('into a hub', async () => {
  await using folder = await makeTempFolder();
  await using hub = run('hub', folder.path, ['--port', '0']);
  const [, ownerToken, port] = await hub.untilPrinted(/Bearer (\S+)" http:\/\/127\.0\.0\.1:(\d+)\//);
  using reader = readStream({ port: Number(port), ownerToken: ownerToken!, query: 'channels=logs,state' });
  await reader.until('source', ({ kind, state }) => kind === 'stdin' && state === 'following');
  write(hub);
  await expectLines(reader);
});

test('into an agent', async () => {
  await using folder = await makeTempFolder();
  await using hub = await startTestHub({});
  const { code } = await invite(hub);
  await using agent = run('agent', folder.path, ['--hub', hub.origin, '--code', code]);
  using reader = readStream({ port: hub.port, ownerToken: hub.ownerToken, query: 'channels=logs,state' });
  write(agent);
  await expectLines(reader);
  // The rest is watched as before.
  expect(agent.child.exitCode).toBeNull();
});
