/** The load: readers in C on the second CPU, so that the client never sets the pace. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { StreamServer } from './stream-server.ts';

const native = join(import.meta.dirname, 'native');

export interface ReadersReport {
  /** Events that arrived whole in the measured window, over all readers. */
  events: number;
  bytes: number;
  /** Microseconds from making an event to reading it. */
  p50: number;
  p99: number;
  max: number;
  /** Connections that ended. */
  lost: number;
}

export interface Readers extends AsyncDisposable {
  pid: number;
  start(): void;
  stop(): Promise<ReadersReport>;
}

/** Connections over TLS that only read; resolves when each has had its first bytes. */
export async function openSecureReaders(server: StreamServer, count: number): Promise<AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'watchline-readers-'));
  const requestFile = join(folder, 'request');
  await writeFile(requestFile, server.request);
  const program = join(import.meta.dirname, 'secure-readers.ts');
  const words = [String(server.port), String(count), server.certificateFile!, requestFile];
  const child = spawn('taskset', ['-c', '1', process.execPath, '--no-warnings', program, ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const first = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  if (first.value !== 'ready') throw new Error('the TLS readers of the stream bench could not connect');
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Compiles a C file of native/ into the temporary folder, once per change; needs gcc. */
export function compileNative(name: string): string {
  const source = join(native, `${name}.c`);
  const binary = join(tmpdir(), `watchline-bench-${name}`);
  if (!existsSync(binary) || statSync(binary).mtimeMs < statSync(source).mtimeMs) {
    execFileSync('gcc', ['-O2', '-o', binary, source]);
  }
  return binary;
}

/** Opens the connections; resolves when each reader has had its first bytes. */
export async function openReaders(server: StreamServer, count: number, stalled = 0): Promise<Readers> {
  const folder = await mkdtemp(join(tmpdir(), 'watchline-readers-'));
  const requestFile = join(folder, 'request');
  await writeFile(requestFile, server.request);
  const words = ['127.0.0.1', String(server.port), String(count), String(stalled), requestFile];
  const child = spawn('taskset', ['-c', '1', compileNative('readers'), ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.value !== 'ready') throw new Error('the readers of the stream bench could not connect');
  return {
    pid: child.pid!,
    start: () => void child.stdin.write('start\n'),
    stop: async () => {
      child.stdin.write('stop\n');
      return JSON.parse((await lines.next()).value as string) as ReadersReport;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
