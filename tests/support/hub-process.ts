/** A hub in a process of its own: its memory and its open files are nobody else's. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { HubOptions } from '../../hub/start-hub.ts';
import { askAsOwner } from './agent-client.ts';
import { metric } from './metric.ts';
import { makeTempFolder } from './temp-folder.ts';

export interface HubProcessOptions {
  hub?: Partial<Omit<HubOptions, 'observers' | 'report'>>;
  /** Characters in a line besides its number. Default 40. */
  textLength?: number;
}

export interface HubOrder {
  linesPerSecond: number;
}

export interface HubProcess extends AsyncDisposable {
  readonly pid: number;
  readonly origin: string;
  readonly port: number;
  readonly ownerToken: string;
  get(path: string): Promise<Response>;
  /** Any request with the owner's token; `body` goes out as JSON. */
  ask(method: string, path: string, body?: unknown): Promise<Response>;
  /** Lines named "line 0 ...", "line 1 ..." and as many samples as there are ticks. Answers how many lines there were. */
  publish(linesPerSecond: number): Promise<number>;
  /** Open streams, by the hub's own count. */
  streams(): Promise<number>;
  residentBytes(): Promise<number>;
  /** Null where the system does not tell. */
  openFiles(): number | null;
}

export async function startHubProcess({ hub = {}, ...rest }: HubProcessOptions = {}): Promise<HubProcess> {
  await using opened = new AsyncDisposableStack();
  const dataDir = opened.use(await makeTempFolder()).path;
  const options = {
    version: '0.0.0-test',
    host: '127.0.0.1',
    port: 0,
    dataDir,
    pageDir: null,
    allowedHosts: [],
    observers: [],
    ...hub,
  };
  const child = fork(
    path.join(import.meta.dirname, 'hub-child.ts'),
    [JSON.stringify({ ...rest, hub: options })],
    {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  const ended = once(child, 'exit');
  opened.defer(async () => {
    if (child.connected) child.disconnect();
    await ended;
  });
  const [{ origin, port, ownerToken }] = (await Promise.race([
    once(child, 'message'),
    ended.then(() => Promise.reject(new Error('The hub ended before it listened'))),
  ])) as [{ origin: string; port: number; ownerToken: string }];
  const get = (address: string) =>
    fetch(origin + address, { headers: { Authorization: `Bearer ${ownerToken}` } });
  const closing = opened.move();
  return {
    pid: child.pid!,
    origin,
    port,
    ownerToken,
    get,
    ask: (method, address, body) => askAsOwner({ origin, ownerToken }, method, address, body),
    async publish(linesPerSecond) {
      child.send({ linesPerSecond } satisfies HubOrder);
      const [{ lines }] = (await once(child, 'message')) as [{ lines: number }];
      return lines;
    },
    streams: async () => (await metric({ get }, 'watchline_hub_streams'))!,
    residentBytes: async () => (await metric({ get }, 'process_resident_memory_bytes'))!,
    openFiles: () => {
      try {
        return readdirSync(`/proc/${child.pid}/fd`).length;
      } catch {
        return null;
      }
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
