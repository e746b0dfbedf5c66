/** `watchline tail`: a stream's logs, and its metrics, as lines on stdout. */
import { once } from 'node:events';
import { readEnvironment } from '../../hub/config/environment.ts';
import { loadConfig, type Flags } from '../../hub/config/load-config.ts';
import { WatchlineError } from '../../shared/errors.ts';
import type { LogLevel } from '../../shared/log-level.ts';
import { visibleText } from '../../shared/visible-text.ts';
import { findStream, type StreamPlace } from './find-stream.ts';
import { archiveOf } from './missed/archive.ts';
import { withBeginning } from './missed/with-beginning.ts';
import { withMissed } from './missed/with-missed.ts';
import { createPaint } from './paint.ts';
import { readStream } from './read-stream.ts';
import { TailView } from './tail-view.ts';

/** Nobody reads more, and they are held at once. */
const MAX_LINES = 10_000;

/** Resolves with the exit code when told to stop, or when nobody reads stdout any more. */
export async function runTail(url: string | null, flags: Flags): Promise<number> {
  const environment = readEnvironment();
  const wish = {
    hosts: (flags['host'] as string[] | undefined) ?? null,
    filter: (flags['filter'] as string | undefined) ?? null,
  };
  const lines = parseLines(flags['lines']);
  const view = new TailView({
    ...wish,
    lines,
    withMetrics: flags['metrics'] === true,
    asJson: flags['json'] === true,
    paint: createPaint(process.stdout.isTTY && environment.allowsColour),
  });
  const { hub } = await loadConfig({ flags: { data: flags['data'], config: flags['config'] } });
  const place = await findStream({
    url,
    tokenFile: (flags['tokenFile'] as string | undefined) ?? null,
    token: environment.token,
    dataDir: hub.dataDir,
    level: (flags['level'] as LogLevel | undefined) ?? null,
    withMetrics: flags['metrics'] === true,
  });
  warnOfPlainToken(place);

  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, () => stop.abort());
  // `watchline tail | head` has read enough: nothing is wrong.
  process.stdout.on('error', () => stop.abort());

  const onLost = (reason: string): void =>
    void process.stderr.write(
      `Lost the stream of ${place.url.origin}: ${visibleText(reason)}. Trying again ...\n`,
    );
  const stream = readStream({ ...place, signal: stop.signal, onLost });
  const archive = archiveOf(place, wish);
  const whole = withMissed(stream, archive, stop.signal);
  for await (const message of withBeginning(whole, archive, lines, stop.signal)) {
    for (const line of view.take(message)) await print(line, stop.signal);
  }
  return 0;
}

/** Waits for a slow terminal, so that a fast log fills the hub's bounded outbox and not this process. */
async function print(line: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || process.stdout.write(`${line}\n`)) return;
  await once(process.stdout, 'drain', { signal }).catch(() => undefined);
}

function parseLines(text: unknown): number {
  const lines = typeof text === 'string' && /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (lines <= MAX_LINES) return lines;
  throw new WatchlineError(
    'usage',
    `--lines is ${JSON.stringify(text)}, but must be a number from 0 to ${MAX_LINES}.`,
    {
      remedy: 'Give such a number, or leave --lines out for 20.',
    },
  );
}

function warnOfPlainToken({ url, token }: StreamPlace): void {
  const isLoopback = ['localhost', '[::1]'].includes(url.hostname) || url.hostname.startsWith('127.');
  if (token() === null || url.protocol === 'https:' || isLoopback) return;
  process.stderr.write(
    `The token goes to ${url.host} unencrypted: anybody on the way can read it. Prefer https or a tunnel.\n`,
  );
}
