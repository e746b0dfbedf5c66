/** The hub itself, every feature on: a host is observed in this process, and its log lines are the events. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCollector } from '../../../collect/metrics/machine-collector.ts';
import { startHub } from '../../../hub/start-hub.ts';
import type { Sample } from '../../../shared/schema/sample.ts';
import { eventText, publishedLoad, publishEvenly } from './publisher.ts';

const { eventsPerSecond, payloadBytes } = publishedLoad();
const flushWindow = process.argv.find((word) => word.startsWith('--flush-window='))?.split('=')[1];
const isCompressed = process.argv.includes('--gzip');
const isSecure = process.argv.includes('--tls');
/** Real samples of this machine are published instead of log lines. */
const recorded = process.argv.includes('--samples') ? await recordSamples(20) : null;

const hub = await startHub({
  version: '0.0.0',
  host: '127.0.0.1',
  port: 0,
  dataDir: mkdtempSync(join(tmpdir(), 'watchline-bench-hub-')),
  pageDir: null,
  allowedHosts: [],
  observers: [],
  compression: isCompressed ? 'on' : 'off',
  tls: isSecure ? 'self-signed' : null,
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
console.log([hub.port, hub.ownerToken, hub.certificate?.file].join(' ').trimEnd());

let published = 0;
publishEvenly(eventsPerSecond, () => {
  if (recorded !== null) {
    const sample = recorded[published++ % recorded.length]!;
    hub.sink.observe({ name: 'sample', data: { ...sample, time: Date.now() } });
    return;
  }
  const text = eventText(payloadBytes);
  hub.sink.observe({
    name: 'log',
    data: { host: 'bench', time: Date.now(), level: null, source: 'bench', text },
  });
});

async function recordSamples(count: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const collector = createCollector({ host: 'bench', intervalMs: 100, processesIntervalMs: null });
  const { promise, resolve } = Promise.withResolvers<void>();
  await collector.start((observation) => {
    if (observation.name === 'sample') samples.push(observation.data);
    if (samples.length >= count) resolve();
  });
  await promise;
  await collector[Symbol.asyncDispose]();
  return samples;
}
