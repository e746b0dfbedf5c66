/** A real Prometheus on the other side, and a VictoriaMetrics: they take what is written, once and in order, whatever happens between; one scrapes /metrics. */
import { expect, test } from 'vitest';
import { addTarget, untilTarget } from '../support/interop-client.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { startPrometheus, valuesIn } from '../support/peers/prometheus.ts';
import { startPeer } from '../support/peers/start-peer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { hasTool } from '../support/system-tools.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const hostileName = 'web "1"\\\n<b>';

test.skipIf(!hasTool('prometheus'))(
  'what is written is there once, also what was measured while nobody took it; what is scraped has the same names',
  { timeout: 60_000 },
  async () => {
    await using folder = await makeTempFolder();
    await using hub = await startTestHub({ remoteWriteMs: 100, upstreamRetryMs: 50 });
    hub.sink.describe(observedHost('web-1', { name: hostileName }));
    let peer = await startPrometheus({ folder: folder.path, scraped: hub });
    const { port } = peer;
    try {
      const url = `${peer.origin}/api/v1/write`;
      await addTarget(hub, 'remote-writes', { url, everySeconds: 1, labels: { site: 'north' } });
      await untilTarget(hub, 'remote-writes', 'a live place to write to', ({ state }) => state === 'live');
      const start = Math.ceil(Date.now() / 1000) * 1000;
      measure(hub, start, 0, 3);
      const written = 'watchline_cpu_ratio{mode="user",site="north",job="watchline",host="web-1"}';
      await until('the first values', async () => (await valuesIn(peer, written))[0]);

      await peer[Symbol.asyncDispose]();
      await untilTarget(hub, 'remote-writes', 'a lost place', ({ state }) => state === 'waiting');
      measure(hub, start, 3, 6);
      peer = await startPrometheus({ folder: folder.path, scraped: hub, port });
      const values = await until('all values', async () => {
        const [series] = await valuesIn(peer, written);
        return (series?.values.length ?? 0) >= 5 && series!.values;
      });
      expect(values.slice(0, 5)).toEqual(
        [0, 1, 2, 3, 4].map((second) => [start + (second + 1) * 1_000, second / 100]),
      );
      const entry = await untilTarget(hub, 'remote-writes', 'live again', ({ state }) => state === 'live');
      expect(entry).toMatchObject({ refused: 0, refusal: null });

      const scraped = await until('a scraped series', async () => {
        // It stays alive meanwhile: of who is silent nothing is told.
        const time = Math.max(Date.now(), start + 6_000);
        hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 42, { time }) });
        return (await valuesIn(peer, 'watchline_cpu_ratio{mode="user",job="hub"}'))[0];
      });
      expect(scraped.values[0]![1]).toBe(0.42);
      const [named] = await valuesIn(peer, 'watchline_host_status{status="live",job="hub"}');
      expect(named!.labels['name']).toBe(hostileName);
      const metadata = await peer.get('/api/v1/targets/metadata?metric=watchline_memory_bytes');
      expect(JSON.parse(metadata)).toMatchObject({ data: [{ type: 'gauge', unit: 'bytes' }] });
      expect(hub.troubles).toEqual([]);
    } finally {
      await peer[Symbol.asyncDispose]();
    }
  },
);

test.skipIf(!hasTool('victoria-metrics'))('VictoriaMetrics takes the same', async () => {
  await using folder = await makeTempFolder();
  await using hub = await startTestHub({ remoteWriteMs: 100 });
  hub.sink.describe(observedHost('web-1', { name: hostileName }));
  await using peer = await startPeer(
    'victoria-metrics',
    (own) => [`-httpListenAddr=127.0.0.1:${own}`, `-storageDataPath=${folder.path}`],
    '/health',
  );
  await addTarget(hub, 'remote-writes', { url: `${peer.origin}/api/v1/write`, everySeconds: 1 });
  await untilTarget(hub, 'remote-writes', 'a live place to write to', ({ state }) => state === 'live');
  const start = Math.ceil(Date.now() / 1000) * 1000;
  measure(hub, start, 0, 3);
  const query = encodeURIComponent('{__name__="watchline_cpu_ratio",mode="user"}');
  const [series] = await until('two values', async () => {
    await peer.get('/internal/force_flush');
    const lines = (await peer.get(`/api/v1/export?match[]=${query}`)).split('\n').filter(Boolean);
    const found = lines.map((line) => JSON.parse(line) as { values: number[]; timestamps: number[] });
    return found[0] !== undefined && found[0].values.length >= 2 && found;
  });
  expect(series).toMatchObject({ values: [0, 0.01], timestamps: [start + 1_000, start + 2_000] });
});

/** A sample of every second from the `first`th after `start` on; its user share is its number. */
function measure(hub: TestHub, start: number, first: number, end: number): void {
  for (let second = first; second < end; second++) {
    const data = sampleOf('web-1', second, { time: start + second * 1_000 });
    hub.sink.observe({ name: 'sample', data });
  }
}
