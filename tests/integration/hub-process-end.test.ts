/** A hub leaves nothing behind that keeps its process alive: the process ends because its event loop is empty. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startTestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

/** Starts a hub in a process of its own, opens a stream where it can, disposes it, and lets the process end. */
const program = `
  const [file, port, dataDir] = process.argv.slice(1);
  const { startHub } = await import(file);
  const options = { version: '0', host: '127.0.0.1', port: Number(port), dataDir, pageDir: null, allowedHosts: [], observers: [] };
  try {
    const hub = await startHub(options);
    const headers = { Authorization: 'Bearer ' + hub.ownerToken };
    const stream = await fetch(hub.origin + '/api/v1/stream', { headers });
    await stream.body.getReader().read();
    await hub[Symbol.asyncDispose]();
    console.log('ended');
  } catch (error) {
    console.log(error.code);
  }
`;

async function runHub(port: number, dataDir: string): Promise<{ code: number | null; output: string }> {
  const file = path.join(import.meta.dirname, '../../hub/start-hub.ts');
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, file, String(port), dataDir], {
    timeout: 15_000,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

test('after a hub was disposed with a stream open', async () => {
  await using folder = await makeTempFolder();
  expect(await runHub(0, folder.path)).toEqual({ code: 0, output: 'ended\n' });
});

test('after a start that failed', async () => {
  await using occupant = await startTestHub();
  await using folder = await makeTempFolder();
  expect(await runHub(occupant.port, folder.path)).toEqual({ code: 0, output: 'port-in-use\n' });
});
