/** The hub itself, every feature on: a host is observed in this process, and its log lines are the events. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHub } from '../../../hub/start-hub.ts';
import { eventText, publishedLoad, publishEvenly } from './publisher.ts';

const { eventsPerSecond, payloadBytes } = publishedLoad();
const flushWindow = process.argv.find((word) => word.startsWith('--flush-window='))?.split('=')[1];

const hub = await startHub({
  version: '0.0.0',
  host: '127.0.0.1',
  port: 0,
  dataDir: mkdtempSync(join(tmpdir(), 'watchline-bench-hub-')),
  pageDir: null,
  allowedHosts: [],
  observers: [],
  ...(flushWindow === undefined ? {} : { flushWindowMs: Number(flushWindow) }),
});
hub.sink.describe({
  id: 'bench',
  name: 'bench',
  agentVersion: '0.0.0',
  intervalMs: 1_000,
  inventory: {
    platform: 'linux',
    os: 'bench',
    kernel: 'bench',
    architecture: 'x64',
    cpuModel: null,
    coreCount: 1,
    memoryBytes: 0,
    virtualisation: null,
    bootTime: 0,
    interfaces: [],
  },
});
console.log(`${hub.port} ${hub.ownerToken}`);

publishEvenly(eventsPerSecond, () => {
  const text = eventText(payloadBytes);
  hub.sink.observe({
    name: 'log',
    data: { host: 'bench', time: Date.now(), level: null, source: 'bench', text },
  });
});
