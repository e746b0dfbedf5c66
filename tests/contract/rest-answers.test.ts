/** The REST snapshot, and `/metrics` as Prometheus reads it. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { hubNumbers } from '../../shared/hub-numbers.ts';
import { hostsAnswer } from '../../shared/snapshot.ts';
import {
  filesystemsOf,
  logSourceOf,
  observedHost,
  processesOf,
  sampleOf,
  sensorsOf,
} from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { strict } from '../support/strict.ts';

const hostileName = 'say "hi" \\ and\nleave';

function startFullHub(): Promise<TestHub> {
  const observer = new ScriptedObserver(observedHost('web-1', { name: hostileName }), [
    { name: 'source', data: logSourceOf() },
    { name: 'sample', data: sampleOf('web-1', 42) },
    { name: 'filesystems', data: filesystemsOf('web-1', `/mnt/${hostileName}`) },
    { name: 'sensors', data: sensorsOf() },
    { name: 'processes', data: processesOf() },
  ]);
  return startTestHub({ observers: [observer, new ScriptedObserver(observedHost('db-1'), [])] });
}

test('hosts fit their schema and hold the newest of everything', async () => {
  await using hub = await startFullHub();
  const answer = strict(hostsAnswer).parse(await (await hub.get('/api/v1/hosts')).json());
  expect(answer.hosts.map((entry) => entry.host.id)).toEqual(['web-1', 'db-1']);
  expect(answer.hosts[0]).toMatchObject({
    sample: sampleOf('web-1', 42),
    sources: [logSourceOf()],
    processes: processesOf(),
    sensors: sensorsOf(),
  });
  expect(answer.hosts[1]).toMatchObject({ sample: null, filesystems: null, sources: [] });
});

test('metrics carry the newest sample in base units', async () => {
  await using hub = await startFullHub();
  const response = await hub.get('/metrics');
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  expect(text).toContain('watchline_cpu_ratio{host="web-1",mode="user"} 0.42');
  expect(text).toContain('watchline_memory_bytes{host="web-1",kind="total"} 4294967296');
  expect(text).toContain(
    'watchline_host_status{host="web-1",name="say \\"hi\\" \\\\ and\\nleave",status="live"} 1',
  );
});

test('the hub tells its own numbers, by protocol and view', async () => {
  await using hub = await startFullHub();
  using all = readStream(hub);
  using logs = readStream({ ...hub, query: 'channels=logs&level=warn' });
  using again = readStream({ ...hub, query: 'channels=logs&level=warn' });
  await Promise.all([all, logs, again].map((reader) => reader.until('ready')));
  const numbers = strict(hubNumbers).parse(await (await hub.get('/api/v1/hub')).json());
  expect(numbers.connections).toEqual({ h1: 3, h2: 0, poll: 0 });
  expect(numbers.views.map(({ view, readers }) => [view, readers])).toEqual([
    ['channels=logs hosts=* level=warn', 2],
    ['channels=metrics,processes,logs,state hosts=*', 1],
  ]);
  expect(numbers.out.events).toBeGreaterThan(0);
  expect(numbers.encoding.events).toBeGreaterThan(0);
  expect(numbers.streams.opened).toBe(3);
});

test('/metrics is OpenMetrics for who asks for it', async () => {
  await using hub = await startFullHub();
  const answer = await hub.get('/metrics', { Accept: 'application/openmetrics-text; version=1.0.0' });
  expect(answer.headers.get('content-type')).toBe(
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
  );
  expect(answer.headers.get('vary')).toContain('Accept');
  const text = await answer.text();
  expect(text).toContain('# TYPE watchline_hub_build info\n');
  expect(text).toContain('\nwatchline_cpu_ratio{host="web-1",mode="user"} ');
  expect(text.endsWith('\n# EOF\n')).toBe(true);
});

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

test.skipIf(!hasPromtool)('promtool check metrics has nothing to complain about', async () => {
  await using hub = await startFullHub();
  using reader = readStream(hub);
  await reader.until('ready');
  const input = await (await hub.get('/metrics')).text();
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});
