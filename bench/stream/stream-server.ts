/** Starts one server of the stream bench in a process of its own, pinned to the first CPU. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventText, publishEvenly } from './servers/publisher.ts';

const here = import.meta.dirname;

export interface StreamServer extends AsyncDisposable {
  pid: number;
  port: number;
  /** The head a reader sends. */
  request: string;
  /** Of a TLS port: the PEM file to trust. */
  certificateFile?: string;
  /** Of a hub: a number of its `/metrics`. */
  metric?(series: string): Promise<number>;
}

export interface Load {
  eventsPerSecond: number;
  payloadBytes: number;
  /** Of the stream's address; default "channels=logs". */
  query?: string;
  /** What readers accept; default: nothing but plain text. */
  acceptEncoding?: string;
}

/** Every server: its name in the rows, and how to start it under a load. */
export type StartServer = (load: Load) => Promise<StreamServer>;

/** The TypeScript servers beside this file; `flags` go to the script after the load, `nodeFlags` to Node. */
export function nodeServer(
  script: string,
  flags: string[] = [],
  nodeFlags: readonly string[] = [],
): StartServer {
  return (load) => {
    const file = join(here, 'servers', script);
    return startPrintingPort(
      [process.execPath, '--no-warnings', ...nodeFlags, file, ...loadWords(load), ...flags],
      load,
    );
  };
}

export function nativeServer(binary: string): StartServer {
  return (load) => startPrintingPort([binary, ...loadWords(load)], load);
}

function loadWords(load: Load): string[] {
  return [String(load.eventsPerSecond), String(load.payloadBytes)];
}

/** A server's first line on stdout is its port, a second word the bearer token its readers need, a third the certificate of a TLS port. */
async function startPrintingPort(command: string[], load: Load): Promise<StreamServer> {
  const child = spawn('taskset', ['-c', '0', ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const [port, token, certificateFile] = line.split(' ');
  return {
    pid: child.pid!,
    port: Number(port),
    request: requestHead(`/api/v1/stream?${load.query ?? 'channels=logs'}`, token, load.acceptEncoding),
    ...(certificateFile !== undefined && { certificateFile }),
    ...(token !== undefined && { metric: (series: string) => readMetric(Number(port), token, series) }),
    [Symbol.asyncDispose]: () => endProcess(child),
  };
}

/** nginx with nchan: its events are published over HTTP from this process. */
export const nchanServer: StartServer = async (load) => {
  const root = await mkdtemp(join(tmpdir(), 'watchline-nchan-'));
  const port = await freePort();
  const template = await readFile(join(here, 'servers/nchan.conf'), 'utf8');
  const config = join(root, 'nginx.conf');
  await writeFile(config, template.replaceAll('PORT', String(port)).replaceAll('ROOT', root));
  const child = spawn('taskset', ['-c', '0', 'nginx', '-c', config, '-p', root], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const publish = () => {
    const body = JSON.stringify({ text: eventText(load.payloadBytes) });
    return fetch(`http://127.0.0.1:${port}/publish`, { method: 'POST', body }).then((answer) =>
      answer.arrayBuffer(),
    );
  };
  await until(() =>
    publish().then(
      () => true,
      () => false,
    ),
  );
  const publisher = publishEvenly(load.eventsPerSecond, () => void publish().catch(() => undefined));
  return {
    pid: child.pid!,
    port,
    request: requestHead('/stream'),
    [Symbol.asyncDispose]: async () => {
      clearInterval(publisher);
      await endProcess(child);
      await rm(root, { recursive: true, force: true });
    },
  };
};

function requestHead(path: string, token?: string, acceptEncoding?: string): string {
  const authorization = token ? `Authorization: Bearer ${token}\r\n` : '';
  const encoding = acceptEncoding ? `Accept-Encoding: ${acceptEncoding}\r\n` : '';
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n${authorization}${encoding}\r\n`;
}

/** `series` as it stands in the text, labels included. */
async function readMetric(port: number, token: string, series: string): Promise<number> {
  const headers = { Authorization: `Bearer ${token}` };
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('a server of the stream bench did not come up within 5 s');
}
