/** Who opens a stream is told what is missing in what it is shown. */
import { expect, test } from 'vitest';
import type { Gap } from '../../shared/schema/stream.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';

function gapEnded(agoMs: number, reason: Gap['reason'], channel: Gap['channel'] = 'metrics'): Gap {
  const to = Date.now() - agoMs;
  return { host: 'web-1', channel, reason, from: to - 1_000, to, count: null };
}

test('a snapshot holds the gaps of the last 15 minutes, as far as the view does', async () => {
  const observer = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [observer] });
  const asleep = gapEnded(5 * 60_000, 'asleep');
  const skipped = gapEnded(1_000, 'source-overflow', 'logs');
  for (const data of [gapEnded(16 * 60_000, 'offline'), asleep, skipped])
    observer.observe({ name: 'gap', data });

  for (const [query, expected] of [
    ['channels=state', [asleep, skipped]],
    ['channels=metrics', [asleep]],
    ['channels=logs', [skipped]],
    ['channels=processes', []],
  ] as const) {
    using reader = readStream({ ...hub, query });
    await reader.until('ready');
    expect(reader.dataOf('gap')).toEqual(expected);
  }
});
