/** The hub itself, every feature on: a host is observed in this process, and its log lines are the events. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHub } from '../../../hub/start-hub.ts';
import type { Sample } from '../../../shared/schema/sample.ts';
import { eventText, publishedLoad, publishEvenly } from './publisher.ts';

const { eventsPerSecond, payloadBytes } = publishedLoad();
const flushWindow = valueOf('--flush-window');
const isCompressed = process.argv.includes('--compressed');
/** The stream alone, unless asked: what the archive of log lines takes is a cost of its own. */
const logArchiveBytes = Number(valueOf('--archive-bytes') ?? 0);
const isSecure = process.argv.includes('--tls');
/** A file of samples, published in turn instead of log lines. */
const samplesFile = valueOf('--samples');
const recorded = samplesFile && (JSON.parse(readFileSync(samplesFile, 'utf8')) as Sample[]);

const hub = await startHub({
  logArchiveBytes,
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
  if (recorded) {
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

function valueOf(flag: string): string | undefined {
  return process.argv.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1);
}
