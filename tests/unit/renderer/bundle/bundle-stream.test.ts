/** What a bundle holds becomes what the screens show, once, as of the end of its window. */
import { expect, test } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import { openBundleStream } from '../../../../renderer/bundle/page/bundle-stream.ts';
import { showWholeWindow } from '../../../../renderer/bundle/page/whole-window.ts';
import { createSession } from '../../../../renderer/session/session.ts';
import { createDashboard } from '../../../../renderer/store/dashboard.ts';
import { LogStore } from '../../../../renderer/store/log-store.ts';
import { BundleReader } from '../../../../shared/bundle/bundle-reader.ts';
import { bundleHead, bundleText, historyParts } from '../../../support/bundle-text.ts';
import { hostOf, logLineOf } from '../../../support/observations.ts';

const { from, to } = bundleHead;
const line = (index: number) =>
  ({
    kind: 'line',
    id: `abcd-${index + 1}`,
    line: logLineOf('web-1', index, { time: from + index * 1_000, level: 'warn' }),
  }) as const;

function opened() {
  const reader = new BundleReader();
  reader.take(
    bundleText([
      { kind: 'event', name: 'host', data: hostOf('web-1') },
      {
        kind: 'event',
        name: 'gap',
        data: {
          host: 'web-1',
          channel: 'logs',
          reason: 'source-overflow',
          from: from + 400,
          to: from + 600,
          count: 7,
        },
      },
      ...historyParts('web-1', { 'cpu.user': Array.from({ length: 600 }, (_, second) => second) }),
      line(0),
      line(1),
    ]),
  );
  const dashboard = createDashboard({
    logs: new LogStore({ schedule: (flush) => flush() }),
    clock: { now: () => to, correct: () => undefined },
  });
  const stream = openBundleStream(reader.end(), dashboard);
  return { dashboard, stream };
}

test('hosts, the newest minutes, lines, and among them what is missing', () => {
  const { dashboard, stream } = opened();
  expect(dashboard.hosts.value.map(({ id }) => id)).toEqual(['web-1']);
  const { times, columns } = dashboard.hostById('web-1')!.series.window(['cpu.user'], from, to);
  expect([times[0], times.length, columns[0]![599]]).toEqual([from, 600, 599]);
  const { rows } = dashboard.logs;
  const kinds = Array.from({ length: rows.next - rows.first }, (_, at) => rows.at(rows.first + at)!.kind);
  expect(kinds).toEqual(['line', 'gap', 'line']);
  expect(stream.connection.value).toEqual({ phase: 'live', via: 'stream' });
  expect(dashboard.clock.now()).toBe(to);
});

test('who reads it may do nothing', () => {
  const { may, sees } = createSession(null, opened().dashboard.hello);
  const deeds = ['point', 'publish', 'manage', 'share', 'configure', 'audit'] as const;
  expect(deeds.filter((deed) => may(deed))).toEqual([]);
  expect(sees('logs')).toBe(true);
});

test.each([
  ['/', `/?from=${from}&to=${to}`],
  ['/?tab=x#a', `/?tab=x&from=${from}&to=${to}#a`],
  ['/?window=5m', `/?from=${to - 300_000}&to=${to}`],
  ['/?window=1h', `/?from=${from}&to=${to}`],
  [`/?from=${from + 1}&to=${to}`, `/?from=${from + 1}&to=${to}`],
  ['/?from=9&to=3', `/?from=${from}&to=${to}`],
])('%s shows a stretch of the bundle', async (asked, shown) => {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: {} }] });
  showWholeWindow(router, { from, to });
  await router.push(asked);
  expect(router.currentRoute.value.fullPath).toBe(shown);
});

test('the whole window after a stretch of it is a step: Back leads to the stretch', async () => {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: {} }] });
  showWholeWindow(router, { from, to });
  const stretch = `/?from=${from + 1_000}&to=${to - 1_000}`;
  await router.push('/');
  await router.push(stretch);
  await router.push('/');
  expect(router.currentRoute.value.fullPath).toBe(`/?from=${from}&to=${to}`);
  const arrived = new Promise<void>((resolve) => router.afterEach(() => resolve()));
  router.back();
  await arrived;
  expect(router.currentRoute.value.fullPath).toBe(stretch);
});
