/** One page in a real Firefox with a profile of its own. Playwright drives only a Firefox of its own making, which Debian does not have. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { hasTool } from '../system-tools.ts';
import { makeTempFolder } from '../temp-folder.ts';
import { BidiConnection } from './bidi-connection.ts';

export interface FirefoxPage extends AsyncDisposable {
  /** What the page and its console told as errors, oldest first. */
  readonly errors: string[];
  goTo(url: string): Promise<void>;
  /** The value of an expression in the page, by way of JSON; promises are awaited. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** Presses, moves and lets go of the left button; in pixels of the page. */
  drag(from: readonly [x: number, y: number], to: readonly [x: number, y: number]): Promise<void>;
  /** Key after key, to whatever has the focus. */
  type(text: string): Promise<void>;
}

const programs = ['firefox-esr', 'firefox'];

/** For `describe.skipIf`: null where there is one. */
export function firefoxMissing(): string | null {
  return programs.some(hasTool) ? null : 'no Firefox';
}

export async function openFirefox(): Promise<FirefoxPage> {
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(await makeTempFolder());
  const words = ['--headless', '--no-remote', '--remote-debugging-port', '0', '--profile', folder.path];
  const child = spawn(programs.find(hasTool)!, words, {
    // It keeps its caches and crash reports in the home of whoever starts it.
    env: {
      ...process.env,
      HOME: folder.path,
      XDG_RUNTIME_DIR: folder.path,
      TMPDIR: path.dirname(folder.path),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  opened.defer(async () => {
    child.kill();
    await exited;
  });
  const errors: string[] = [];
  const connection = opened.use(
    await BidiConnection.open(`${await addressOf(child.stderr)}/session`, (_, { level, text }) => {
      if (level === 'error') errors.push(String(text));
    }),
  );
  await connection.command('session.new', { capabilities: {} });
  await connection.command('session.subscribe', { events: ['log.entryAdded'] });
  const { contexts } = await connection.command('browsingContext.getTree');
  const [{ context }] = contexts as [{ context: string }];
  await connection.command('browsingContext.setViewport', {
    context,
    viewport: { width: 1440, height: 900 },
  });
  const act = (source: object) => connection.command('input.performActions', { context, actions: [source] });
  const closing = opened.move();
  return {
    errors,
    goTo: async (url) =>
      void (await connection.command('browsingContext.navigate', { context, url, wait: 'complete' })),
    async evaluate<Value>(expression: string) {
      const { result, exceptionDetails } = await connection.command('script.evaluate', {
        expression: `(async () => JSON.stringify((await (${expression})) ?? null))()`,
        target: { context },
        awaitPromise: true,
      });
      if (exceptionDetails !== undefined) throw new Error((exceptionDetails as { text: string }).text);
      return JSON.parse((result as { value: string }).value) as Value;
    },
    async drag([x, y], [toX, toY]) {
      const actions = [
        { type: 'pointerMove', x, y },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerMove', x: Math.round((x + toX) / 2), y: Math.round((y + toY) / 2), duration: 50 },
        { type: 'pointerMove', x: toX, y: toY, duration: 50 },
        { type: 'pointerUp', button: 0 },
      ];
      await act({ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions });
    },
    async type(text) {
      const actions = [...text].flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]);
      await act({ type: 'key', id: 'keys', actions });
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** Where it is driven from, as it says when it has started. */
async function addressOf(stderr: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface(stderr);
  for await (const line of lines) {
    const [, address] = /^WebDriver BiDi listening on (ws:\/\/\S+)/.exec(line) ?? [];
    if (address === undefined) continue;
    // Nobody reads on; what is not taken would stop it.
    stderr.resume();
    return address;
  }
  throw new Error('Firefox ended before it could be driven');
}
