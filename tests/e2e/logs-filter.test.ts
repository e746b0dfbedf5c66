/** The filter on the screen: exactly the lines that pass, faults at their place, and nothing that hangs the page. */
import { describe, expect, it } from 'vitest';
import { searchProblems } from '../../shared/schema/log-search.ts';
import { openLogsPage, type LogsPage } from '../support/logs-page.ts';
import { logLineOf } from '../support/observations.ts';
import { makeShare } from '../support/share-client.ts';
import { until } from '../support/until.ts';

describe('the filter', () => {
  it('shows exactly the lines that pass, held ones and new ones', async () => {
    await using logs = await openLogsPage();
    await logs.open();
    logs.feedNumbered(210, (index) => (index % 7 === 0 ? { text: `needle ${index}`, level: 'warn' } : {}));
    await logs.untilNewest('line 209');
    await typeFilter(logs, 'needle level>=warn');
    await until('30 lines', async () => (await total(logs)) === '30 of 210 lines');
    const expected = Array.from({ length: 30 }, (_, index) => `needle ${index * 7}`);
    expect(expected.slice(-(await logs.messages()).length)).toEqual(await logs.messages());
    logs.feedNumbered(70, (index) =>
      index % 7 === 0 ? { text: `needle ${index}`, level: index % 2 === 0 ? 'warn' : 'info' } : {},
    );
    await until('5 more', async () => (await total(logs)) === '35 of 280 lines');
    expect(logs.faults).toEqual([]);
  });

  it('survives in the address: a reload shows the same', async () => {
    await using logs = await openLogsPage();
    await logs.open();
    logs.feedNumbered(100, (index) => (index % 10 === 0 ? { level: 'error', text: `boom ${index}` } : {}));
    await logs.untilNewest('line 99');
    await typeFilter(logs, '/bo+m/');
    await logs.page.getByRole('button', { name: 'Error' }).click();
    await until(
      'the address',
      () => logs.page.url().includes('level=error') && logs.page.url().includes('q='),
    );
    await logs.page.reload();
    await until('the same lines', async () => (await total(logs)) === '10 of 100 lines');
    expect(await logs.page.getByLabel('Filter log lines').inputValue()).toBe('/bo+m/');
  });

  it('is saved under a name, and one click away after a reload', async () => {
    await using logs = await openLogsPage();
    const { page } = logs;
    await logs.open('?q=needle&level=error');
    logs.feedNumbered(10, (index) => (index === 4 ? { text: 'needle 4', level: 'error' } : {}));
    await logs.untilNewest('needle 4');
    const saved = page.getByRole('button', { name: 'Saved' });
    await saved.click();
    await page.getByLabel('Name of this view').fill('<b>trouble</b>');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.keyboard.press('Escape');
    await page.goto(`${logs.hub.origin}/logs`);
    await until('all lines', async () => (await total(logs)) === '10 lines');
    await saved.click();
    await page.getByRole('button', { name: /trouble.*needle/s }).click();
    await until('the view', async () => (await logs.messages()).join() === 'needle 4');
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ q: 'needle', level: 'error' });
    await saved.click();
    await page.getByRole('button', { name: 'Remove <b>trouble</b>' }).click();
    await page.getByText('A filter that you save here').waitFor();
    expect(logs.faults).toEqual([]);
  });

  it('names a fault at its place and keeps the lines of the last right filter', async () => {
    await using logs = await openLogsPage();
    await logs.open();
    logs.feedNumbered(20);
    await logs.untilNewest('line 19');
    await typeFilter(logs, 'line 1');
    await until('11 lines', async () => (await total(logs)) === '11 of 20 lines');
    await logs.page.getByLabel('Filter log lines').fill('line 1 level>=wran');
    await until('the fault', async () =>
      (await logs.page.locator('.trouble').allTextContents()).join().includes('There is no level "wran"'),
    );
    expect(await logs.page.locator('.trouble').textContent()).toContain('(column 8)');
    expect(await total(logs)).toBe('11 of 20 lines');
  });

  it('marks without hiding while it highlights, and steps from match to match', async () => {
    await using logs = await openLogsPage();
    await logs.open('?mode=highlight&q=/needle\\d%2B/');
    logs.feedNumbered(400, (index) => (index % 100 === 50 ? { text: `a needle${index} here` } : {}));
    await until(
      '4 matches',
      async () => (await logs.page.locator('.matches').allTextContents()).join() === '4 matches',
    );
    expect(await total(logs)).toBe('400 lines');
    for (const expected of ['needle50', 'needle150', 'needle250', 'needle350', 'needle50']) {
      await logs.page.keyboard.press('n');
      await until(
        expected,
        async () => (await logs.page.locator('.row.selected mark').allTextContents()).join() === expected,
      );
    }
    await logs.page.keyboard.press('Shift+N');
    await until(
      'around',
      async () => (await logs.page.locator('.row.selected mark').allTextContents()).join() === 'needle350',
    );
    // Nothing has the focus: the line that was stepped to is opened all the same.
    await logs.page.keyboard.press('Enter');
    await logs.page.locator('.drawer').getByText('needle350').first().waitFor();
  });

  it('shows a line in its context: the filter drops, the line stays in sight', async () => {
    await using logs = await openLogsPage();
    await logs.open('?q=needle');
    logs.feedNumbered(2_000, (index) => (index % 500 === 250 ? { text: `needle ${index}` } : {}));
    await logs.untilNewest('needle 1750');
    await logs.page.locator('.row', { hasText: 'needle 750' }).click();
    await logs.page.getByRole('button', { name: 'Show in context' }).click();
    await until('all lines', async () => (await total(logs)) === '2,000 lines');
    await until('the line', async () => (await logs.messages()).includes('needle 750'));
    expect(await logs.messages()).toEqual(expect.arrayContaining(['line 745', 'needle 750', 'line 755']));
    expect(await logs.page.locator('.row.selected .message').textContent()).toBe('needle 750');
    await logs.page.goBack();
    await until('the filter again', async () => (await total(logs)) === '4 of 2,000 lines');
  });

  it('stops an expression that would never end, and says so', async () => {
    await using logs = await openLogsPage();
    await logs.open();
    logs.feed(
      Array.from({ length: 50 }, (_, index) =>
        logLineOf('web-1', index, { text: `${'a'.repeat(60)}!`, time: Date.now() }),
      ),
    );
    logs.feedNumbered(1);
    await logs.untilNewest('line 0');
    await typeFilter(logs, '/^(a+)+$/');
    await until('the notice', async () =>
      (await logs.page.locator('.trouble').allTextContents()).join().includes('was stopped'),
    );
    // The page goes on: a better expression works at once.
    await logs.page.getByLabel('Filter log lines').fill('/^line \\d$/');
    await until('its line', async () => (await total(logs)) === '1 of 51 lines');
    expect(await logs.page.locator('.trouble').count()).toBe(0);
    expect(logs.faults).toEqual([]);
  });

  it('adds a clicked value to the filter, and copies the path of a clicked name', async () => {
    await using logs = await openLogsPage();
    await logs.open();
    logs.feedNumbered(30, (index) => ({ fields: { 'http.status': index % 3 === 0 ? 500 : 200 } }));
    await logs.untilNewest('line 29');
    await logs.page.locator('.row', { hasText: 'line 27' }).click();
    await logs.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await logs.page.locator('.side-drawer .fields').getByRole('button', { name: 'status' }).click();
    await logs.page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await logs.page.evaluate(() => navigator.clipboard.readText())).toBe('http.status');
    await logs.page.locator('.side-drawer .fields .value').click();
    expect(await logs.page.getByLabel('Filter log lines').inputValue()).toBe('http.status=500');
    await until('10 lines', async () => (await total(logs)) === '10 of 30 lines');
  });

  it('collapses repeats', async () => {
    await using logs = await openLogsPage();
    await logs.open();
    logs.feedNumbered(43, (index) => (index < 40 ? { text: 'again' } : {}));
    await logs.untilNewest('line 42');
    expect(await logs.messages()).toEqual(['\u00d740again', 'line 40', 'line 41', 'line 42']);
    expect(await total(logs)).toBe('43 lines');
  });
});

describe('the archive', () => {
  it('is searched beyond what the page holds, shows a line in context, and loads what was skipped', async () => {
    await using logs = await openLogsPage();
    const { page } = logs;
    // The tail begins with the newest thousand: it has none of them.
    logs.feedNumbered(4_000, (index) =>
      index % 500 === 7 && index < 3_000
        ? { text: `needle ${index}`, level: index < 1_000 ? 'error' : 'info' }
        : {},
    );
    await logs.open('?q=needle');
    await page.locator('.empty').getByRole('button', { name: 'Search the last 7 days' }).click();
    const found = [2507, 2007, 1507, 1007, 507, 7].map((index) => `needle ${index}`);
    await until('the lines, newest first', async () => (await logs.messages()).join() === found.join());
    await until('all of them over time', async () =>
      /: 6 lines, 0 warnings, 2 errors/.test(
        (await page.locator('.volume-chart canvas').getAttribute('aria-label')) ?? '',
      ),
    );
    await page.getByRole('button', { name: 'Error' }).click();
    await until('errors alone', async () => (await logs.messages()).join() === 'needle 507,needle 7');
    await page.locator('.log-list').focus();
    await page.keyboard.press('e');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Show in context' }).click();
    const around = 'line 506,needle 507,line 508';
    await until('the lines around', async () => (await logs.messages()).join().includes(around));
    await until('the line itself', async () =>
      ((await page.locator('.row.selected').textContent()) ?? '').includes('needle 507'),
    );
    expect(new URL(page.url()).searchParams.get('around')).toMatch(/^[a-z0-9]+-\d+$/);

    await page.reload();
    await until('the same lines', async () => (await logs.messages()).join().includes(around));
    const before = await placeOf(logs, 'needle 507');
    await page.getByRole('button', { name: 'Earlier lines' }).click();
    await until('200 lines more', async () =>
      (await page.locator('.foot').textContent())!.includes('601 lines'),
    );
    expect(await placeOf(logs, 'needle 507')).toBe(before);

    await page.getByRole('button', { name: 'Back to the search' }).click();
    await until('the search', async () => (await logs.messages()).join() === 'needle 507,needle 7');
    // Reading goes on at the line whose surroundings were shown.
    await until('the line itself', async () =>
      (await page.locator('.row.selected').allTextContents()).join().includes('needle 507'),
    );
    await page.getByLabel('Filter log lines').fill('no such thing');
    await until('that there is none', async () =>
      ((await page.locator('.empty').textContent()) ?? '').includes('No line matches'),
    );

    await page.route('**/api/v1/logs/search*', () => undefined);
    await page.getByRole('button', { name: 'Clear the filter' }).last().click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await until('that it stopped', async () =>
      ((await page.locator('.empty').textContent()) ?? '').includes('Stopped before the end'),
    );
    await page.unroute('**/api/v1/logs/search*');

    // More lines than a snapshot brings come while the page cannot hear them.
    await page.getByRole('button', { name: 'Back to the tail' }).first().click();
    await logs.untilNewest('line 3999');
    await until('the newest thousand', async () => (await total(logs)) === '1,000 lines');
    await logs.restartHub();
    logs.feedNumbered(1_000);
    await logs.untilNewest('line 4999');
    await page.locator('.log-list').focus();
    await page.keyboard.press('Home');
    await page.locator('.log-list').evaluate((list) => (list.scrollTop = 990 * 20));
    await page.getByRole('button', { name: 'Load' }).click();
    await until('every line', async () => (await page.locator('.total').textContent()) === '2,000 lines');
    await page.locator('.log-list').evaluate((list) => (list.scrollTop = 990 * 20));
    await until('no hole', async () =>
      (await logs.messages()).join().includes('line 3998,line 3999,line 4000,line 4001'),
    );

    // Around the newest line there are later ones as soon as they have come.
    await logs.open('?q="line 4999"&past=1h');
    await page.locator('.row', { hasText: 'line 4999' }).click();
    await page.getByRole('button', { name: 'Show in context' }).click();
    await logs.untilNewest('line 4999');
    const later = page.getByRole('button', { name: 'Later lines' });
    expect(await later.isDisabled()).toBe(true);
    logs.feedNumbered(1);
    await later.click();
    await until('it', async () => (await logs.messages()).includes('line 5000'));
    await until('no more', () => later.isDisabled());

    // Who looks through a share searches what it shows.
    const { link } = await makeShare(logs.hub, {
      scope: { channels: ['logs'], logFilter: '-"needle 507"', since: 1 },
    });
    const viewer = await page.context().browser()!.newContext();
    const shared = await viewer.newPage();
    await shared.goto(link);
    await shared.locator('a[href$="/logs"]').first().click();
    await shared.getByRole('button', { name: 'Search the last 7 days' }).click();
    await shared.getByRole('button', { name: 'Back to the tail' }).first().waitFor();
    // As while others with this link search: asked again, and found.
    let refused = 0;
    await shared.route(
      '**/api/v1/logs/search*',
      async (route) => {
        refused++;
        const error = { code: searchProblems.busy, message: 'Viewers search already.', remedy: 'Try again.' };
        await route.fulfill({ status: 429, json: { error } });
      },
      { times: 3 },
    );
    await shared.getByLabel('Filter log lines').fill('needle');
    await until(
      'the lines of the share',
      async () =>
        (await shared.locator('.log-list .message').allTextContents()).filter(Boolean).join() ===
        'needle 2507,needle 2007,needle 1507,needle 1007,needle 7',
    );
    expect(refused).toBe(3);
    await viewer.close();
    expect(logs.faults).toEqual([]);
  });

  it('says where there is none, and shows what the page holds around a line', async () => {
    await using logs = await openLogsPage({ logArchiveBytes: 0 });
    await logs.open('?past=7d');
    await until('why', async () =>
      ((await logs.page.locator('.empty').textContent()) ?? '').includes('This hub keeps no lines'),
    );
    await logs.page.locator('.empty').getByRole('button', { name: 'Back to the tail' }).click();
    logs.feedNumbered(30);
    await logs.untilNewest('line 29');
    await logs.page.locator('.row', { hasText: 'line 20' }).click();
    await logs.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await logs.page.getByRole('button', { name: 'Copy link' }).click();
    const link = await logs.page.evaluate(() => navigator.clipboard.readText());
    await logs.page.evaluate((href) => history.pushState(null, '', href), link);
    await logs.page.evaluate(() => dispatchEvent(new PopStateEvent('popstate', { state: {} })));
    await until('the line', async () =>
      ((await logs.page.locator('.row.selected').textContent()) ?? '').includes('line 20'),
    );
    expect(await logs.page.locator('.foot').textContent()).toContain('the ones this page holds');
  });
});

async function typeFilter(logs: LogsPage, text: string): Promise<void> {
  await logs.page.keyboard.press('/');
  await logs.page.keyboard.type(text);
}

async function total(logs: LogsPage): Promise<string | null> {
  return logs.page.locator('.log-pane .total').textContent();
}

/** Where on the screen the row with this message is, in pixels from the top. */
async function placeOf(logs: LogsPage, message: string): Promise<number> {
  const box = await logs.page.locator('.row', { hasText: message }).boundingBox();
  return Math.round(box!.y);
}
