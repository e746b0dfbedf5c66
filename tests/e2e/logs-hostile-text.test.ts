/** Text that wants to be more than text: it is shown as it is, and nothing of it runs. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogCollector } from '../../collect/logs/log-collector.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import { openLogsPage, type LogsPage } from '../support/logs-page.ts';
import { logLineOf } from '../support/observations.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** What a line holds, and what a person is shown. */
const corpus: [name: string, text: string, shown: string][] = [
  ['script', '<script>window.ran = 1</script>', '<script>window.ran = 1</script>'],
  ['image', '<img src=x onerror="window.ran = 2">', '<img src=x onerror="window.ran = 2">'],
  ['svg', '<svg/onload=window.ran=3>', '<svg/onload=window.ran=3>'],
  ['style', '</span><style>*{display:none}</style>', '</span><style>*{display:none}</style>'],
  ['template', '{{ window.ran = 4 }} ${window.ran = 5}', '{{ window.ran = 4 }} ${window.ran = 5}'],
  [
    'link by escape',
    '\u001b]8;;javascript:alert(1)\u0007click\u001b]8;;\u0007',
    '␛]8;;javascript:alert(1)␇click␛]8;;␇',
  ],
  ['clipboard by escape', '\u001b]52;c;aGVsbG8=\u0007', '␛]52;c;aGVsbG8=␇'],
  ['cursor moves', '\u001b[2J\u001b[1;1Hpwned\r', '␛[2J␛[1;1Hpwned␍'],
  ['8-bit escapes', '\u009b31m\u009d0;title\u009c', '<U+009B>31m<U+009D>0;title<U+009C>'],
  ['right-to-left', 'invoice\u202egpj.exe', 'invoice<U+202E>gpj.exe'],
  ['isolates', 'a\u2066b\u2069c', 'a<U+2066>b<U+2069>c'],
  ['zero width', 'pass\u200bword\ufeff', 'pass<U+200B>word<U+FEFF>'],
  ['NUL and bells', 'a\u0000b\u0007\u0008c', 'a␀b␇␈c'],
  ['line ends', 'one\r\nevent: log\ndata: two\u2028three', 'one␍␊event: log␊data: two<U+2028>three'],
  ['forged fields', 'x\n\nid: 99\nevent: reset\ndata: {}', 'x␊␊id: 99␊event: reset␊data: {}'],
  ['tags', 'a\u{e0041}\u{e0042}', 'a<U+E0041><U+E0042>'],
  [
    'prototype',
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  ],
];

describe('hostile text', () => {
  let logs: LogsPage;

  beforeAll(async () => {
    logs = await openLogsPage();
    await logs.open();
    logs.feed(
      corpus.map(([, text], index) =>
        logLineOf('web-1', index, { text, source: text.slice(0, 60), time: Date.now() }),
      ),
    );
    await until('all lines', async () => (await logs.messages()).length === corpus.length);
  });
  afterAll(async () => {
    expect(logs.faults).toEqual([]);
    await logs[Symbol.asyncDispose]();
  });

  it.each(corpus.map(([name, , shown], index) => [name, shown, index] as const))(
    '%s is shown',
    async (_name, shown, index) => {
      expect((await logs.messages())[index]).toBe(inOneRow(shown));
    },
  );

  it('nothing ran, and nothing but text came of it', async () => {
    const after = await logs.page.evaluate(() => ({
      ran: (window as unknown as { ran?: number }).ran,
      polluted: ({} as { polluted?: boolean }).polluted,
      title: document.title,
      elements: [
        ...new Set(
          Array.from(document.querySelectorAll('.row .message :not(.lines)'), ({ tagName }) => tagName),
        ),
      ],
      isVisible: getComputedStyle(document.querySelector('.row')!).display !== 'none',
    }));
    expect(after).toEqual({
      ran: undefined,
      polluted: undefined,
      title: after.title,
      elements: [],
      isVisible: true,
    });
    expect(after.title).toMatch(/Watchline/);
  });

  it('is as harmless in the details, in the filter and in the address', async () => {
    await logs.page.locator('.row').nth(0).click();
    await logs.page.locator('.side-drawer .text').waitFor();
    expect(await logs.page.locator('.side-drawer .text').textContent()).toBe(corpus[0]![1]);
    for (let step = 1; step < corpus.length; step++) {
      await logs.page.keyboard.press('j');
      // Here there is room for lines: only their ends are obeyed.
      const shown = corpus[step]![2].replaceAll('\u240a', '\n');
      await until(
        corpus[step]![0],
        async () => (await logs.page.locator('.side-drawer .text').textContent()) === shown,
      );
    }
    await logs.page.locator('.side-drawer').getByRole('button', { name: 'Close' }).click();
    await logs.page.keyboard.press('/');
    await logs.page.keyboard.type('"<img src=x onerror"');
    await until('one line', async () => (await logs.messages()).length === 1);
    expect(await logs.page.locator('.row mark').textContent()).toBe('<img src=x onerror');
    expect(await logs.page.evaluate(() => (window as unknown as { ran?: number }).ran)).toBeUndefined();
  });

  it('is as harmless where it is found, and around a line', async () => {
    const { page } = logs;
    await page.goto(`${logs.hub.origin}/logs?past=7d`);
    const shown = corpus.map(([, , text]) => inOneRow(text));
    await until('all lines, newest first', async () => {
      const found = await logs.messages();
      return found.length === shown.length && found.toReversed().join('\0') === shown.join('\0');
    });
    await page.locator('.row').last().click();
    await page.getByRole('button', { name: 'Show in context' }).click();
    await until('them around one', async () => (await logs.messages()).join('\0') === shown.join('\0'));
    expect(await page.evaluate(() => (window as unknown as { ran?: number }).ran)).toBeUndefined();
    expect(await page.locator('.row .message :not(.lines)').count()).toBe(0);

    // Where rows may be higher, line ends are obeyed, and nothing else.
    await page.locator('.log-list').focus();
    await page.keyboard.press('w');
    await until('all of each', async () => {
      const found = (await logs.messages()).join('\0');
      return found === corpus.map(([, , text]) => text.replaceAll('\u240a', '\n')).join('\0');
    });
    expect(await page.locator('.row .message *').count()).toBe(0);
  });

  it('of a real file: broken UTF-8, NUL and a line of 200 MB come as lines, in the tail and in a search', async () => {
    await using fresh = await openLogsPage();
    await using folder = await makeTempFolder();
    const file = join(folder.path, 'app.log');
    await writeFile(file, '');
    await using agent = createLogCollector({ host: 'web-1', files: [file], exclude: [], journal: 'off' });
    await agent.start((observation) => fresh.observer.observe(observation));
    await fresh.open();
    const broken = Buffer.from([0x61, 0xc3, 0x28, 0xe2, 0x82, 0x20, 0xf0, 0x9f, 0x0a]);
    await appendFile(file, Buffer.concat([broken, Buffer.from('<b>NUL \0 here</b>\n')]));
    const stream = createWriteStream(file, { flags: 'a' });
    const piece = Buffer.alloc(4 * 1024 * 1024, '<i>');
    for (let each = 0; each < 50; each++) if (!stream.write(piece)) await once(stream, 'drain');
    stream.end('\nafter it\n');
    await fresh.untilNewest('after it');
    const shown = [
      'a\ufffd(\ufffd \ufffd',
      '<b>NUL \u2400 here</b>',
      expect.stringMatching(/^(<i>)+<?/),
      'after it',
    ];
    expect(await fresh.messages()).toEqual(shown);
    await fresh.page.goto(`${fresh.hub.origin}/logs?past=7d`);
    await until('the same lines', async () => (await fresh.messages()).length === shown.length);
    expect((await fresh.messages()).toReversed()).toEqual(shown);
    expect(await fresh.page.locator('.row .message i, .row .message b').count()).toBe(0);
    expect(fresh.faults).toEqual([]);
  });

  it('fields named like the machinery of objects are only fields', async () => {
    await using fresh = await openLogsPage();
    await fresh.open();
    const fields = JSON.parse(
      '{"__proto__.polluted": true, "constructor": "x", "toString": "<b>y</b>"}',
    ) as LogLine['fields'];
    fresh.feed([
      { ...logLineOf('web-1', 0, { text: 'fields', time: Date.now() }), ...(fields && { fields }) },
    ]);
    await fresh.untilNewest('fields');
    await fresh.page.locator('.row').first().click();
    await fresh.page.locator('.side-drawer .fields').first().waitFor();
    expect(await fresh.page.locator('.side-drawer .fields .value').allTextContents()).toEqual(
      expect.arrayContaining(['x', '<b>y</b>']),
    );
    expect(await fresh.page.evaluate(() => ({}))).toEqual({});
    expect(fresh.faults).toEqual([]);
  });

  it('a line of 64 KiB is cut in the list and whole in the details', async () => {
    await using fresh = await openLogsPage();
    await fresh.open();
    const text = 'x'.repeat(65_536);
    fresh.feed([logLineOf('web-1', 0, { text, truncated: true, time: Date.now() })]);
    await until('the row', async () => (await fresh.messages()).length === 1);
    expect((await fresh.messages())[0]).toBe(`${'x'.repeat(1_000)}+64,536 characters`);
    await fresh.page.locator('.row').first().click();
    await until(
      'the whole line',
      async () => (await fresh.page.locator('.side-drawer .text').textContent())?.length === 65_536,
    );
    expect(await fresh.page.locator('.side-drawer .note').first().textContent()).toContain(
      'its rest was left out',
    );
  });
});

/** Of several lines a row shows how many there are, and the first. */
function inOneRow(shown: string): string {
  const lines = shown.split('\u240a');
  return lines.length === 1 ? shown : `${lines.length} lines${lines[0]}`;
}
