/** A real program of others, on a free port of its own, ended with the test. */
import { spawn } from 'node:child_process';
import { freePort } from '../proxies/free-port.ts';
import { until } from '../until.ts';

export interface Peer extends AsyncDisposable {
  readonly origin: string;
  readonly port: number;
  /** Text of what it answers at a path. Throws where it does not. */
  get(path: string): Promise<string>;
}

/** `wordsFor` gives its arguments; it runs when it answers at `readyPath`. */
export async function startPeer(
  program: string,
  wordsFor: (port: number) => readonly string[],
  readyPath: string,
  port?: number,
): Promise<Peer> {
  const own = port ?? (await freePort());
  const child = spawn(program, [...wordsFor(own)], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4_000)));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const origin = `http://127.0.0.1:${own}`;
  const get = async (path: string): Promise<string> => {
    const answer = await fetch(origin + path);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return await answer.text();
  };
  await until(`${program} answers: ${said}`, async () => {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${said}`);
    return await get(readyPath).then(
      () => true,
      () => false,
    );
  });
  return {
    origin,
    port: own,
    get,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
