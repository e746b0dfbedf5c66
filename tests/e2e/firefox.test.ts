/** A teammate's browser may be another one: the dashboard in a real Firefox. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtPageDir } from '../support/dashboard-page.ts';
import { firefoxMissing, openFirefox, type FirefoxPage } from '../support/firefox/firefox-page.ts';
import { logLineOf } from '../support/observations.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder, type TempFolder } from '../support/temp-folder.ts';
import { testMachineAgent } from '../support/test-machine-agent.ts';
import { until } from '../support/until.ts';

const missing = firefoxMissing();

describe.skipIf(missing !== null)(`in Firefox${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  const opened = new AsyncDisposableStack();
  let folder: TempFolder;
  let hub: TestHub;
  let page: FirefoxPage;

  beforeAll(async () => {
    folder = opened.use(await makeTempFolder());
    hub = await startHub();
    opened.defer(() => hub[Symbol.asyncDispose]());
    page = opened.use(await openFirefox());
    await page.goTo(hub.launchUrl());
  });
  afterAll(() => opened.disposeAsync());

  function startHub(port = 0): Promise<TestHub> {
    const observers = [testMachineAgent(folder.path)];
    return startTestHub({ pageDir: builtPageDir(), dataDir: folder.path, observers, port });
  }

  function connection(): Promise<string> {
    return page.evaluate(`document.querySelector('.connection-pill [role=status]')?.textContent`);
  }

  function newestTime(): Promise<number> {
    return page.evaluate(`Number(document.querySelector('[data-time]')?.dataset.time ?? 0)`);
  }

  /** Lines of the machine, until disposed of. */
  function feed(host: string): Disposable {
    let index = 0;
    const timer = setInterval(() => hub.sink.observe({ name: 'log', data: logLineOf(host, index++) }), 50);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }

  test('shows the machine, its newest numbers second by second', async () => {
    await until('a host', () => page.evaluate(`document.querySelector('a[href^="/host/"]') !== null`));
    await page.evaluate(`document.querySelector('a[href^="/host/"]').click()`);
    const first = await until('a sample', async () => (await newestTime()) || null);
    await until('a newer one', async () => (await newestTime()) > first);
    expect(await connection()).toContain('Connected');
    const painted = `(({ width, height }, context) => context.getImageData(0, 0, width, height).data.some((byte) => byte > 0))`;
    expect(
      await page.evaluate(
        `((canvas) => ${painted}(canvas, canvas.getContext('2d')))(document.querySelector('canvas'))`,
      ),
    ).toBe(true);
  });

  test('a drag chooses a window, and Back returns', async () => {
    const [x, y, width] = await page.evaluate<[number, number, number]>(
      `((box) => [box.x, box.y + box.height / 2, box.width])(document.querySelector('canvas').getBoundingClientRect())`,
    );
    await page.drag(
      [Math.round(x + 0.5 * width), Math.round(y)],
      [Math.round(x + 0.9 * width), Math.round(y)],
    );
    await until('the window', () => page.evaluate(`/[?&]from=\\d+&to=\\d+/.test(location.search)`));
    await page.evaluate(`history.back()`);
    await until('the live charts', () => page.evaluate(`location.search === ''`));
  });

  test('a log is followed, filtered, and gone on with over a restart of the hub', async () => {
    const host = await page.evaluate<string>(`location.pathname.split('/').at(-1)`);
    await page.evaluate(`document.querySelector('a[href$="/logs"]').click()`);
    const texts = () =>
      page.evaluate<string>(
        `[...document.querySelectorAll('.log-list .message')].map((row) => row.textContent).join()`,
      );
    const before = feed(host);
    await until('lines', async () => (await texts()) !== '');
    await page.type('/');
    await page.type('-nosuchword');
    await until('the filter in the address', () => page.evaluate(`location.search.includes('nosuchword')`));
    const { port } = hub;
    before[Symbol.dispose]();
    await hub[Symbol.asyncDispose]();
    await until('that it is gone', async () => !(await connection()).includes('Connected'));
    hub = await startHub(port);
    await until('that it is back', async () => (await connection()).includes('Connected'));
    const held = await texts();
    using _after = feed(host);
    await until('more lines', async () => (await texts()) !== held);
  });

  test('nothing went wrong in the page', () => {
    // Firefox tells of requests to a hub that is away.
    expect(
      page.errors.filter(
        (error) => !/can.t establish a connection|connection to .* was interrupted|NetworkError/i.test(error),
      ),
    ).toEqual([]);
  });
});
