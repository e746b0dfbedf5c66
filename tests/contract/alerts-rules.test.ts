/** Rules of alerts: the defaults, what the owner changes, what no rule may be, and a file that is damaged. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { alertRules, type AlertMeasure, type AlertRule } from '../../shared/schema/alerts.ts';
import { problem } from '../../shared/snapshot.ts';
import { fillDisk } from '../support/filled-disk.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

async function ruleOf(hub: TestHub, measure: AlertMeasure): Promise<AlertRule> {
  const { rules } = alertRules.parse(await (await hub.get('/api/v1/alerts/rules')).json());
  return rules.find((rule) => rule.measure === measure)!;
}

function change(hub: TestHub, measure: string, body: unknown): Promise<Response> {
  return fetch(`${hub.origin}/api/v1/alerts/rules/${measure}`, {
    method: 'PATCH',
    headers: { Authorization: `Bearer ${hub.ownerToken}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

test('three are armed by default, as the design has them', async () => {
  await using hub = await startTestHub();
  const { rules } = alertRules.parse(await (await hub.get('/api/v1/alerts/rules')).json());
  expect(
    rules.filter(({ isArmed }) => isArmed).map(({ measure, above, forMs }) => [measure, above, forMs]),
  ).toEqual([
    ['memory', 95, 300_000],
    ['disk', 90, 60_000],
    ['offline', null, 120_000],
  ]);
});

test('a change holds from the next reading on, and after a restart', async () => {
  await using folder = await makeTempFolder();
  {
    const host = new ScriptedObserver();
    await using hub = await startTestHub({ dataDir: folder.path, observers: [host] });
    const answer = await change(hub, 'disk', { above: 50, level: 'crit' });
    expect([answer.status, alertRules.parse(await answer.json()).rules[2]]).toEqual([
      200,
      expect.objectContaining({ measure: 'disk', above: 50, clearBelow: 50, level: 'crit', forMs: 60_000 }),
    ]);
    using reader = readStream(hub);
    await reader.until('ready');
    fillDisk(host, 60, Date.now() - 300_000);
    expect((await reader.until('alert')).data).toMatchObject({ level: 'crit', above: 50, peak: 60 });
  }
  await using hub = await startTestHub({ dataDir: folder.path });
  expect(await ruleOf(hub, 'disk')).toMatchObject({ above: 50, level: 'crit' });
  expect(await ruleOf(hub, 'memory')).toMatchObject({ above: 95 });
});

test('what is disarmed stops firing at once', async () => {
  const host = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [host] });
  using reader = readStream(hub);
  await reader.until('ready');
  fillDisk(host, 95, Date.now() - 300_000);
  const { id } = (await reader.until('alert')).data;
  await change(hub, 'disk', { isArmed: false });
  expect((await reader.until('alert', ({ endedAt }) => endedAt !== null)).data).toMatchObject({
    id,
    ending: 'dropped',
  });
});

test.for<[string, string, unknown, number, string]>([
  ['of nothing this hub measures', 'humidity', { above: 1 }, 404, 'unknown-rule'],
  ['above more than all', 'disk', { above: 101 }, 400, 'bad-body'],
  ['clearing above what it fires at', 'disk', { above: 50, clearBelow: 60 }, 400, 'bad-rule'],
  ['that could never fire', 'disk', { above: 100 }, 400, 'bad-rule'],
  ['that could never clear', 'disk', { clearBelow: 0 }, 400, 'bad-rule'],
  ['with an amount of silence', 'offline', { above: 5 }, 400, 'bad-rule'],
  ['that waits for two days', 'offline', { forMs: 172_800_000 }, 400, 'bad-body'],
  ['with a word nobody knows', 'disk', { abvoe: 50 }, 400, 'bad-body'],
])('a rule %s is refused, and nothing changes', async ([, measure, body, status, code]) => {
  await using hub = await startTestHub();
  const before = await ruleOf(hub, 'disk');
  const answer = await change(hub, measure, body);
  expect([answer.status, problem.parse(await answer.json()).error.code]).toEqual([status, code]);
  expect(await ruleOf(hub, 'disk')).toEqual(before);
});

test('of a damaged file what can be read counts, the rest is as by default, and it is said', async () => {
  await using folder = await makeTempFolder();
  const kept = {
    measure: 'memory',
    level: 'crit',
    isArmed: true,
    above: 70,
    forMs: 0,
    clearBelow: 60,
    clearForMs: 0,
  };
  await writeFile(
    path.join(folder.path, 'alert-rules.json'),
    JSON.stringify({ rules: [kept, { measure: 'disk', above: 'much' }] }),
  );
  await using hub = await startTestHub({ dataDir: folder.path });
  expect(await ruleOf(hub, 'memory')).toEqual(kept);
  expect(await ruleOf(hub, 'disk')).toMatchObject({ above: 90 });
  expect(hub.troubles.map(({ message }) => message)).toEqual([
    expect.stringContaining('is damaged: 1 of them'),
  ]);
});
