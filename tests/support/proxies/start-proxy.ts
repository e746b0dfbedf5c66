/** Starts a proxy of the system in front of a hub: on a free port, with all of its files in a folder of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { makeTempFolder } from '../temp-folder.ts';
import { until } from '../until.ts';
import { freePort } from './free-port.ts';
import type { ProxyKind, ProxyOptions } from './proxy-kinds.ts';

export interface RunningProxy extends AsyncDisposable {
  readonly port: number;
  /** "http://127.0.0.1:8081"; https where it was given a certificate. */
  readonly origin: string;
}

/** Resolves once the proxy passes a request on to the hub. */
export async function startProxy(kind: ProxyKind, options: ProxyOptions): Promise<RunningProxy> {
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(await makeTempFolder()).path;
  const port = await freePort();
  const parameters = await kind.prepare({ ...options, port, folder });
  const program = spawn(kind.program, parameters, {
    env: { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [program.stdout, program.stderr]) {
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_096)));
  }
  const ended = once(program, 'close');
  opened.defer(async () => {
    if (program.exitCode === null && program.signalCode === null) program.kill('SIGTERM');
    // With connections open some would wait for them: the test is over.
    const impatience = setTimeout(() => program.kill('SIGKILL'), 1_000);
    await ended;
    clearTimeout(impatience);
  });
  const { address = '127.0.0.1', tls } = options;
  const origin = `${tls === undefined ? 'http' : 'https'}://${address}:${port}`;
  await until(`${kind.name} to answer`, () => {
    if (program.exitCode !== null) throw new Error(`${kind.name} ended: ${output}`);
    return answers(`${origin}/healthz`);
  });
  const closing = opened.move();
  return { port, origin, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

/** Whatever its certificate is: only whether it hands on. */
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const get = url.startsWith('https:') ? getSecure : getPlain;
    const request = get(url, { agent: false, rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('error', () => resolve(false));
  });
}
