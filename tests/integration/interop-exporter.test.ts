/** A real node_exporter as a host: its numbers are those of the machine, and its coming and going is seen. */
import { readFileSync } from 'node:fs';
import { cpus, hostname, totalmem } from 'node:os';
import { expect, test } from 'vitest';
import { sample } from '../../shared/schema/sample.ts';
import { addTarget, askTargets, targetsOf, untilTarget } from '../support/interop-client.ts';
import { startPeer, type Peer } from '../support/peers/start-peer.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { hasTool } from '../support/system-tools.ts';
import { hostsOfHub } from '../support/upstream-client.ts';
import { until } from '../support/until.ts';

const program = 'prometheus-node-exporter';

function startExporter(port?: number): Promise<Peer> {
  return startPeer(program, (own) => [`--web.listen-address=127.0.0.1:${own}`], '/', port);
}

test.skipIf(!hasTool(program))(
  'a node_exporter becomes a host with this machine’s numbers; it goes and comes back',
  { timeout: 40_000 },
  async () => {
    await using hub = await startTestHub({ upstreamRetryMs: 50 });
    // Ended in the middle already; where the test fails before that, with it.
    await using exporter = await startExporter();
    const { port } = exporter;
    await addTarget(hub, 'exporters', { url: `127.0.0.1:${port}`, intervalSeconds: 1, group: 'racks' });
    const entry = await untilTarget(hub, 'exporters', 'a live exporter', ({ state }) => state === 'live');
    const measured = await until('a sample', async () =>
      (await hostsOfHub(hub)).find(({ host, sample: newest }) => host.id === entry.host && newest !== null),
    );
    const { host } = measured;
    expect(host).toMatchObject({ name: hostname(), origin: 'exporter', status: 'live', group: 'racks' });
    expect(host.inventory).toMatchObject({ platform: 'linux', coreCount: cpus().length });
    const newest = sample.parse(measured.sample);
    expect(Math.abs(newest.memory.totalBytes - totalmem())).toBeLessThan(totalmem() / 100);
    expect(newest.cpu.cores).toHaveLength(cpus().length);
    const { user, nice, system, iowait, irq, softirq, steal, idle } = newest.cpu;
    expect(user + nice + system + iowait + irq + softirq + steal + idle).toBeCloseTo(100, 1);
    const devices = readFileSync('/proc/net/dev', 'utf8');
    expect(newest.interfaces).not.toEqual([]);
    for (const { interface: name } of newest.interfaces) expect(devices).toContain(`${name}:`);
    expect(measured.filesystems!.mounts.map(({ mount }) => mount)).toContain('/');

    await exporter[Symbol.asyncDispose]();
    const lost = await untilTarget(hub, 'exporters', 'a lost exporter', ({ state }) => state === 'waiting');
    expect(lost.reason).toContain('refuses connections');
    await until('a host that is not alive', async () =>
      (await hostsOfHub(hub)).some((one) => ['stale', 'offline'].includes(one.host.status)),
    );
    await using again = await startExporter(port);
    await until('a host that is alive again', async () =>
      (await hostsOfHub(hub)).some((one) => one.host.status === 'live'),
    );
    expect(again.port).toBe(port);

    const { id } = (await targetsOf(hub, 'exporters'))[0]!;
    await askTargets(hub, 'exporters', 'PATCH', `/${id}`, { paused: true });
    expect((await hostsOfHub(hub))[0]!.host.status).toBe('paused');
    await askTargets(hub, 'exporters', 'DELETE', `/${id}`);
    expect(await hostsOfHub(hub)).toEqual([]);
    expect(hub.troubles).toEqual([]);
  },
);
