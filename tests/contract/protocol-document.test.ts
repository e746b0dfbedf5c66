/** docs/protocol.md says what the code does: fields, addresses, codes, and the tests it names. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { expect, test } from 'vitest';
import { streamEvents } from '../../shared/events.ts';
import { paths } from '../../shared/protocol.ts';
import { findChromium } from '../../scripts/launch/find-chromium.ts';
import { withTables } from '../../scripts/protocol-tables.ts';
import { sampleOf } from '../support/observations.ts';
import { ticketOf } from '../support/callers.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

const root = path.join(import.meta.dirname, '../..');
const text = readFileSync(path.join(root, 'docs/protocol.md'), 'utf8');

test('the field tables are those of the schemas (else: node scripts/protocol-tables.ts)', () => {
  expect(text).toBe(withTables(text));
});

test('every event, address and problem code is documented', () => {
  for (const name of Object.keys(streamEvents)) expect(text).toContain(`#### \`${name}\``);
  for (const address of Object.values(paths)) expect(text).toContain(address);
  for (const code of problemCodes()) expect(text).toContain(`\`${code}\``);
});

test('every test it names exists', () => {
  const named = [...text.matchAll(/\(`((?:contract|integration|unit)\/[a-z0-9/-]+)`/g)].map(
    (match) => match[1]!,
  );
  expect(named.length).toBeGreaterThan(10);
  for (const name of named)
    expect([name, existsSync(path.join(root, 'tests', `${name}.test.ts`))]).toEqual([name, true]);
});

test('its curl examples work as they stand', async () => {
  await using hub = await startTestHub({ observers: [new ScriptedObserver()] });
  const examples = text.split('\n').filter((line) => line.startsWith('curl '));
  expect(examples.length).toBeGreaterThan(3);
  for (const example of examples) {
    const command = example.replace('http://127.0.0.1:7400', hub.origin);
    const env = { ...process.env, TOKEN: hub.ownerToken, TICKET: (await ticketOf(hub)).ticket };
    const curl = spawn('sh', ['-c', `exec ${command}`], { env });
    let output = '';
    curl.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const isStream = example.includes('curl -N');
    await until(`an answer to ${example}`, () =>
      isStream ? output.includes('event: ready') : curl.exitCode !== null,
    );
    if (isStream) {
      curl.kill();
      await once(curl, 'close');
    }
    expect(output).toMatch(isStream ? /^retry: 2000\nid: .*\nevent: hello\n/ : /web-1/);
  }
});

test.skipIf(findChromium() === null)('its example for a page works as it stands', async () => {
  await using hub = await startTestHub({ observers: [new ScriptedObserver()] });
  const script = /```js\n([\s\S]*?)```/.exec(text)![1]!;
  await using browser = await chromium.launch({
    executablePath: findChromium()!,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await browser.newPage();
  const printed: string[] = [];
  page.on('console', (message) => printed.push(message.text()));
  await page.goto(`${hub.origin}/healthz`);
  await page.evaluate(
    (ticket) =>
      fetch('/api/v1/session', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ ticket }),
      }),
    hub.launchUrl().split('#ticket=')[1],
  );
  await page.evaluate(script);
  await until('the newest number', () => printed.includes(String(sampleOf().cpu.user)));
});

/** What the hub's sources throw as a problem. */
function problemCodes(): Set<string> {
  const files = readdirSync(path.join(root, 'hub'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const sources = files.map((name) => readFileSync(path.join(root, 'hub', name), 'utf8')).join('\n');
  return new Set(
    [...sources.matchAll(/new ProblemError\(\s*\d{3},\s*'([a-z-]+)'/g)].map((match) => match[1]!),
  );
}
