/** A reader of one kilobyte a second: it is never cut, and its numbers are the newest there are. */
import { spawn } from 'node:child_process';
import { createParser } from 'eventsource-parser';
import { expect, test } from 'vitest';
import type { HubNumbers } from '../../shared/hub-numbers.ts';
import { metric } from '../support/metric.ts';
import { logLineOf, observedHost, sampleOf } from '../support/observations.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { hasTool } from '../support/system-tools.ts';
import { until } from '../support/until.ts';

/** Node cannot make its receive buffer small: without that, the kernel would take megabytes for a reader that sleeps. */
const slowReader = `
import os, socket, sys, time
port, token, rate = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
s.connect(('127.0.0.1', port))
s.sendall(('GET /api/v1/stream?channels=metrics,logs&recent=0 HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nAuthorization: Bearer ' + token + '\\r\\n\\r\\n').encode())
while True:
    got = s.recv(rate // 10)
    if not got: break
    os.write(1, got)
    time.sleep(0.1)
`;

test.skipIf(!hasTool('python3') || process.platform !== 'linux')(
  'a reader of 1 KB/s stays, gets the newest sample, and a count of the lines it missed',
  { timeout: 120_000 },
  async () => {
    await using hub = await startTestHub({
      flushWindowMs: 1,
      outboxMs: 10_000,
      heartbeatMs: 3_000,
    });
    hub.sink.describe(observedHost());
    const child = spawn('python3', ['-c', slowReader, String(hub.port), hub.ownerToken, '1024']);
    const newest = { sample: -1, skipped: 0, hasEnded: false };
    const parser = createParser({
      onEvent: ({ event, data }) => {
        const value = JSON.parse(data) as { cpu: { user: number }; count: number };
        if (event === 'sample') newest.sample = value.cpu.user;
        if (event === 'gap') newest.skipped += value.count;
      },
    });
    child.stdout.on('data', (chunk: Buffer) =>
      parser.feed(chunk.toString('latin1').replace(/^HTTP[^]*?\r\n\r\n/, '')),
    );
    child.on('exit', () => (newest.hasEnded = true));
    await until('the stream', async () => (await metric(hub, 'watchline_hub_streams')) === 1);

    // Ten times what it takes.
    let published = 0;
    const publishing = setInterval(() => {
      published = (published + 1) % 50;
      for (let line = 0; line < 2; line++)
        hub.sink.observe({ name: 'log', data: logLineOf('web-1', line, { text: 'x'.repeat(500) }) });
      hub.sink.observe({ name: 'sample', data: sampleOf('web-1', published) });
    }, 200);
    await until(
      'lines left out',
      async () => (await metric(hub, 'watchline_hub_skipped_events_total'))! > 0,
      60_000,
    );
    // The kernel and the outbox hold no more than a minute of its time: the last sample must come within that.
    clearInterval(publishing);
    hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 55.5) });
    await until('the newest sample', () => newest.hasEnded || newest.sample === 55.5, 100_000);
    const { cuts } = (await (await hub.get('/api/v1/hub')).json()) as HubNumbers;
    expect(Object.values(cuts).some((count) => count > 0) ? cuts : 'no cut').toBe('no cut');
    expect(newest.hasEnded).toBe(false);
    expect(newest.skipped).toBeGreaterThan(0);
    child.kill('SIGKILL');
  },
);
