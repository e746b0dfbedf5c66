/** Following and pausing: what is on the screen stays, and what arrives is counted to the line. */
import type { Locator } from '@playwright/test';
import { describe, expect, it } from 'vitest';
import { openLogsPage, type LogsPage } from '../support/logs-page.ts';
import { until } from '../support/until.ts';

describe('the tail', () => {
  it('follows, pauses on Space with an exact count, and resumes on End', async () => {
    await using logs = await openLogsPage();
    await logs.open();
    logs.feedNumbered(300);
    await logs.untilNewest('line 299');
    await logs.page.keyboard.press('Space');
    const before = await placed(logs);
    logs.feedNumbered(1_284, (index) => (index % 107 === 0 ? { level: 'error' } : {}));
    await until(
      'the count of all new lines',
      async () => (await pausedText(logs)) === 'Paused \u00b7 1,284 new (12 errors)',
    );
    // New lines fill the free space below; all that was there is where it was.
    expect((await placed(logs)).slice(0, before.length)).toEqual(before);
    for (const key of ['End', 'l']) {
      await logs.page.keyboard.press(key);
      await logs.untilNewest('line 1583');
      await until('following', async () => (await pausedText(logs)) === null);
      await logs.page.keyboard.press('Home');
    }
    await logs.page.keyboard.press('l');
    await until('following', async () => (await pausedText(logs)) === null);
    logs.feedNumbered(1);
    await logs.untilNewest('line 1584');
    expect(logs.faults).toEqual([]);
  });

  it('counts only what the filter lets through while paused', async () => {
    await using logs = await openLogsPage();
    await logs.open('?q=keep');
    logs.feedNumbered(10, (index) => ({ text: `keep ${index}` }));
    await logs.untilNewest('keep 9');
    await logs.page.keyboard.press('Space');
    logs.feedNumbered(100, (index) => ({ text: index % 4 === 0 ? `keep ${index}` : `drop ${index}` }));
    await until('25 new', async () => (await pausedText(logs)) === 'Paused \u00b7 25 new');
  });

  it('pauses on scrolling up, and follows again once scrolled to the end', async () => {
    await using logs = await openLogsPage();
    await logs.open();
    logs.feedNumbered(300);
    await logs.untilNewest('line 299');
    await logs.page.mouse.move(640, 600);
    await logs.page.mouse.wheel(0, -400);
    await until('the pause', async () => (await pausedText(logs)) !== null);
    logs.feedNumbered(50);
    await until('the count', async () => (await pausedText(logs)) === 'Paused \u00b7 50 new');
    await logs.page.mouse.wheel(0, 5_000);
    await logs.untilNewest('line 349');
    await until('following', async () => (await pausedText(logs)) === null);
    // A list that grows while it follows has its end higher up than it knows: that is no pause.
    const wasScrolled = await logs.page.evaluate(async () => {
      const list = document.querySelector('.log-list')!;
      const before = list.scrollTop;
      document.querySelector<HTMLElement>('.log-pane > .controls')!.style.blockSize = '20px';
      list.scrollTop = before + 1;
      const after = list.scrollTop;
      await new Promise((told) => list.addEventListener('scroll', told, { once: true }));
      await new Promise(requestAnimationFrame);
      return after < before;
    });
    expect(wasScrolled).toBe(true);
    expect(await pausedText(logs)).toBeNull();
  });

  it('keeps selected text where it is while lines arrive', async () => {
    await using logs = await openLogsPage();
    await logs.open();
    logs.feedNumbered(200);
    await logs.untilNewest('line 199');
    const row = await logs.page.locator('.row', { hasText: 'line 190' }).locator('.message').boundingBox();
    await logs.page.mouse.move(row!.x + 1, row!.y + 10);
    await logs.page.mouse.down();
    await logs.page.mouse.move(row!.x + 35, row!.y + 10, { steps: 4 });
    await logs.page.mouse.up();
    logs.feedNumbered(500);
    await until('the count', async () => (await pausedText(logs)) === 'Paused \u00b7 500 new');
    const selected = await logs.page.evaluate(() => ({
      text: getSelection()!.toString(),
      row: getSelection()!.anchorNode!.parentElement!.closest('.row')!.querySelector('.message')!.textContent,
    }));
    expect(selected.text).toMatch(/^line/);
    expect(selected.row).toBe('line 190');
  });

  it('copies rows from the model, also those long scrolled away', async () => {
    await using logs = await openLogsPage();
    await logs.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await logs.open();
    logs.feedNumbered(1_000);
    await logs.untilNewest('line 999');
    await logs.page.locator('.log-list').focus();
    await logs.page.keyboard.press('Control+a');
    await logs.page.keyboard.press('Control+c');
    const copied = await logs.page.evaluate(() => navigator.clipboard.readText());
    const lines = copied.split('\n');
    expect(lines).toHaveLength(1_000);
    expect(lines[0]).toMatch(/^20\d\d-.*Z INFO web-1\.example\.net app\.log: line 0$/);
    expect(lines[999]).toMatch(/line 999$/);
  });

  it('selects whole rows when dragged over several, and copies them', async () => {
    await using logs = await openLogsPage();
    await logs.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await logs.open();
    logs.feedNumbered(100);
    await logs.untilNewest('line 99');
    const from = await logs.page.locator('.row', { hasText: 'line 80' }).boundingBox();
    await logs.page.mouse.move(from!.x + 600, from!.y + 10);
    await logs.page.mouse.down();
    await logs.page.mouse.move(from!.x + 600, from!.y + 70, { steps: 6 });
    await until('four rows', async () => (await logs.page.locator('.row.selected').count()) === 4);
    await logs.page.mouse.up();
    await logs.page.keyboard.press('Control+c');
    const copied = await logs.page.evaluate(() => navigator.clipboard.readText());
    expect(copied.split('\n').map((text) => text.split(': ')[1])).toEqual([
      'line 80',
      'line 81',
      'line 82',
      'line 83',
    ]);
  });

  it('shows a gap as a row, with its count and reason', async () => {
    await using logs = await openLogsPage();
    await logs.open();
    logs.feedNumbered(3);
    await logs.untilNewest('line 2');
    const now = Date.now();
    logs.observer.observe({
      name: 'gap',
      data: {
        host: 'web-1',
        channel: 'logs',
        reason: 'source-overflow',
        from: now - 10,
        to: now,
        count: 412,
      },
    });
    logs.feedNumbered(1);
    await logs.untilNewest('line 3');
    const messages = await logs.messages();
    expect(messages.slice(-3)).toEqual([
      'line 2',
      'web-1.example.net \u00b7 412 lines skipped: the source wrote faster than it could be read',
      'line 3',
    ]);
  });

  it('shows only the time dragged over in the volume, and all again', async () => {
    await using logs = await openLogsPage();
    await logs.open();
    const now = Date.now();
    logs.feedNumbered(100, (index) => ({ time: now - 50_000 + index * 500 }));
    await logs.untilNewest('line 99');
    const chart = await logs.page.locator('.volume-chart canvas').boundingBox();
    await until('the volume', async () =>
      /100 lines/.test((await logs.page.locator('.volume-chart canvas').getAttribute('aria-label')) ?? ''),
    );
    await logs.page.mouse.move(chart!.x + chart!.width * 0.5, chart!.y + 10);
    await logs.page.mouse.down();
    await logs.page.mouse.move(chart!.x + chart!.width * 0.75, chart!.y + 12, { steps: 5 });
    await logs.page.mouse.up();
    await until('the span in the address', () => logs.page.url().includes('from='));
    const { searchParams } = new URL(logs.page.url());
    const [from, to] = [Number(searchParams.get('from')), Number(searchParams.get('to'))];
    const inside = Array.from({ length: 100 }, (_, index) => now - 50_000 + index * 500).filter(
      (time) => time >= from && time <= to,
    );
    expect(inside.length).toBeGreaterThan(10);
    await until(
      'its lines',
      async () => (await logs.page.locator('.total').textContent()) === `${inside.length} of 100 lines`,
    );
    await logs.page.getByRole('button', { name: 'Show all times' }).click();
    await until('all lines', async () => (await logs.page.locator('.total').textContent()) === '100 lines');
  });

  it('keeps its lines through a restart of the hub, and shows none twice', async () => {
    await using logs = await openLogsPage();
    await logs.open();
    logs.feedNumbered(50);
    await logs.untilNewest('line 49');
    await logs.restartHub();
    logs.feedNumbered(50);
    await logs.untilNewest('line 99');
    await until('one of each', async () => (await logs.page.locator('.total').textContent()) === '100 lines');
    expect(await logs.messages()).toEqual(expect.arrayContaining(['line 98', 'line 99']));

    // A page that is opened then finds what was said before, and each line once.
    await logs.restartHub();
    await logs.page.reload();
    await logs.untilNewest('line 99');
    logs.feedNumbered(20);
    await logs.untilNewest('line 119');
    expect(await logs.page.locator('.total').textContent()).toBe('120 lines');
    await logs.page.locator('.log-list').focus();
    await logs.page.keyboard.press('Home');
    const seen = Array.from({ length: 20 }, (_, index) => `line ${index + 90}`).join();
    await logs.page.locator('.log-list').evaluate((list) => (list.scrollTop = 85 * 20));
    await until('the lines of both', async () => (await logs.messages()).join().includes(seen));
  });

  it('has no hole over a restart of the hub, keeps a paused reader in place, and leaves a large hole to be asked for', async () => {
    await using logs = await openLogsPage();
    await logs.open();
    logs.feedNumbered(50);
    await logs.untilNewest('line 49');
    await logs.restartHub();
    // More than a snapshot tells.
    logs.feedNumbered(600);
    await logs.untilNewest('line 649');
    const mark = logs.page.locator('.mark-line', { hasText: 'missing' });
    await until('all lines', async () => (await total(logs)) === '650 lines');
    expect([await mark.count(), await pausedText(logs)]).toEqual([0, null]);
    const seen = await logs.page.evaluate(numbersFromTop, 650);
    expect(seen).toEqual(Array.from({ length: 650 }, (_, index) => index));
    await logs.page.keyboard.press('End');
    await until('following', async () => (await pausedText(logs)) === null);

    await logs.page.locator('.log-list').evaluate((list) => (list.scrollTop -= 2_000));
    await until('the pause', async () => (await pausedText(logs)) !== null);
    const before = await placed(logs);
    await logs.restartHub();
    logs.feedNumbered(600);
    await until('all lines', async () => (await total(logs)) === '1,250 lines');
    expect(await placed(logs)).toEqual(before);
    expect(await pausedText(logs)).toBe('Paused \u00b7 600 new');
    await logs.page.keyboard.press('End');
    await logs.untilNewest('line 1249');

    await logs.restartHub();
    logs.feedNumbered(5_200);
    await logs.untilNewest('line 6449');
    await until('the mark', () => isInSight(logs, mark));
    expect(await mark.getByRole('button', { name: 'Load' }).count()).toBe(1);
    expect(await total(logs)).toBe('1,450 lines');
    // While there is no hub, the browser says so.
    expect(logs.faults.filter((fault) => !fault.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
  });

  it('a page that is too slow is told what was skipped, and loads it: each line once', async () => {
    await using logs = await openLogsPage();
    await logs.open();
    logs.feedNumbered(1);
    await logs.untilNewest('line 0');
    // More than sockets hold, while the page reads nothing.
    const stuck = logs.page.evaluate(() => {
      const until = performance.now() + 3_000;
      while (performance.now() < until);
    });
    const filling = 'x'.repeat(6_000);
    for (let each = 0; each < 250; each++) {
      logs.feedNumbered(10, (index) => ({ text: `line ${index} ${filling}` }));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await stuck;
    logs.feedNumbered(1);
    await logs.untilNewest('line 2501');
    const mark = logs.page.locator('.mark-line', { hasText: 'skipped' });
    const hasAll = async (): Promise<boolean> => (await total(logs)) === '2,502 lines';
    for (let looks = 0; !(await hasAll()); looks++) {
      expect(looks).toBeLessThan(10);
      await until('a mark, or all lines', async () => (await hasAll()) || (await isInSight(logs, mark)));
      if (await hasAll()) break;
      const before = await total(logs);
      await mark.getByRole('button', { name: 'Load' }).first().click();
      await until('lines that were skipped', async () => (await total(logs)) !== before);
    }
    const numbers = await logs.page.evaluate(numbersFromTop, 2_502);
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(numbers).toHaveLength(2_502);
    expect(await mark.count()).toBe(0);
    expect(logs.faults).toEqual([]);
  });

  it('follows 2,000 lines a second and loses none', async () => {
    await using logs = await openLogsPage();
    await logs.open();
    logs.feedNumbered(1);
    await logs.untilNewest('line 0');
    await logs.page.evaluate(watchFrames);
    await new Promise<void>((resolve) => {
      let sent = 0;
      const timer = setInterval(() => {
        logs.feedNumbered(40);
        sent += 40;
        if (sent < 6_000) return;
        clearInterval(timer);
        resolve();
      }, 20);
    });
    await logs.untilNewest('line 6000');
    const frames = await logs.page.evaluate(() => (window as unknown as { frames: number[] }).frames);
    frames.sort((a, b) => a - b);
    const at = (share: number): string => frames[Math.floor(frames.length * share)]!.toFixed(1);
    process.stdout.write(
      `frames while 2,000 lines/s were followed: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms\n`,
    );
    expect(await logs.page.locator('.total').textContent()).toBe('6,001 lines');
    expect(logs.faults).toEqual([]);
  });
});

async function total(logs: LogsPage): Promise<string | null> {
  return logs.page.locator('.log-pane .total').textContent();
}

/** Runs in the page: the numbers of the rows from the first one on, as they come into sight. */
async function numbersFromTop(count: number): Promise<number[]> {
  const list = document.querySelector('.log-list')!;
  const numbers: number[] = [];
  for (let top = 0, windows = 0; numbers.length < count && windows < 500; windows++) {
    list.scrollTop = top;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const shown = Array.from(list.querySelectorAll('.row .message'), ({ textContent }) =>
      Number(/^line (\d+)/.exec(textContent)?.[1]),
    );
    const news = shown.filter((number) => number >= numbers.length);
    numbers.push(...news);
    if (news.length > 0) top += list.clientHeight * 0.8;
  }
  return numbers;
}

/** Scrolls to the newest one of all there are. */
async function isInSight(logs: LogsPage, mark: Locator): Promise<boolean> {
  if ((await mark.count()) === 0) await logs.page.evaluate(scrollUpToMark);
  return (await mark.count()) > 0;
}

/** Runs in the page, as thousands of rows are a hundred windows: from the end, whose last rows are looked at too, to the top. */
async function scrollUpToMark(): Promise<void> {
  const list = document.querySelector('.log-list')!;
  for (let top = list.scrollHeight; ; top = list.scrollTop - list.clientHeight * 0.8) {
    list.scrollTop = top;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    if (list.scrollTop === 0 || list.querySelector('.mark-line') !== null) return;
  }
}

/** The rows with where they are. */
function placed(logs: LogsPage): Promise<string[]> {
  return logs.page.$$eval('.log-list .row', (rows) =>
    rows
      .map((row) => ({
        top: Math.round(row.getBoundingClientRect().top),
        text: row.querySelector('.message')?.textContent,
      }))
      .filter(({ top }) => top > 200 && top < 780)
      .map(({ top, text }) => `${top} ${text}`),
  );
}

/** Null while following. */
function pausedText(logs: LogsPage): Promise<string | null> {
  return logs.page.evaluate(() => {
    const button = document.querySelector('.follow .state.paused');
    return button && Array.from(button.querySelectorAll('span'), (part) => part.textContent.trim()).join(' ');
  });
}

/** Runs in the page. */
function watchFrames(): void {
  const frames: number[] = [];
  (window as unknown as { frames: number[] }).frames = frames;
  let before = performance.now();
  requestAnimationFrame(function next(now) {
    frames.push(now - before);
    before = now;
    requestAnimationFrame(next);
  });
}
