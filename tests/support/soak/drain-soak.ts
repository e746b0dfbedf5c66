/** SIGTERM to a hub with many streams while lines flow: who heard `bye`, whether a line is missing before it, and when all are to come back. */
import { startHubProcess } from '../hub-process.ts';
import { until } from '../until.ts';
import { DrainReader } from './drain-reader.ts';

export interface DrainSoakOptions {
  streams: number;
  /** Default 50. */
  linesPerSecond?: number;
}

export interface DrainSoakResult {
  streams: number;
  /** Streams that ended with `bye`. */
  byes: number;
  /** Streams that lack a line which stands before the cursor of their `bye`, or had one out of order. */
  unclean: number;
  /** From the signal to the last stream's end. */
  drainMs: number;
  /** When readers are told to come back, from the signal on. */
  returns: { firstMs: number; lastMs: number; mostIn100Ms: number };
}

/** Connections opened at once: below the kernel's queue of those that wait. */
const OPENED_AT_ONCE = 100;

export async function soakDrain({
  streams,
  linesPerSecond = 50,
}: DrainSoakOptions): Promise<DrainSoakResult> {
  const caps = { maxStreams: streams, maxStreamsPerToken: streams, maxStreamsPerAddress: streams };
  await using hub = await startHubProcess({ hub: caps });
  using opened = new DisposableStack();
  const readers: DrainReader[] = [];
  while (readers.length < streams) {
    const count = Math.min(OPENED_AT_ONCE, streams - readers.length);
    const some = Array.from({ length: count }, () => opened.use(new DrainReader(hub)));
    await until('streams to open', () => some.every(({ isReady }) => isReady));
    readers.push(...some);
  }
  await hub.publish(linesPerSecond);
  await until('a line on every stream', () => readers.every(({ newest }) => newest >= 0), 30_000);

  const signalledAt = performance.now();
  process.kill(hub.pid, 'SIGTERM');
  await Promise.all(readers.map(({ closed }) => closed));
  const drainMs = performance.now() - signalledAt;
  const byes = readers.flatMap(({ bye }) => (bye === null ? [] : [bye]));
  return {
    streams,
    byes: byes.length,
    unclean: uncleanAmong(readers),
    drainMs,
    returns: spreadOf(byes.map(({ atMs, retryMs }) => atMs - signalledAt + retryMs)),
  };
}

/** All readers together know the sequence of each line: what one had before its `bye`, each with a later `bye` must have. */
function uncleanAmong(readers: readonly DrainReader[]): number {
  const known = readers.map(({ newest, sequence }) => ({ newest, sequence }));
  const lastLines = [...new Map(known.map((line) => [line.newest, line])).values()];
  return readers.filter(
    ({ broken, newest, bye }) =>
      broken > 0 || lastLines.some((line) => line.sequence <= (bye?.sequence ?? 0) && line.newest > newest),
  ).length;
}

function spreadOf(times: readonly number[]): DrainSoakResult['returns'] {
  const sorted = times.toSorted((a, b) => a - b);
  let mostIn100Ms = 0;
  let first = 0;
  for (const [place, time] of sorted.entries()) {
    while (time - sorted[first]! > 100) first++;
    mostIn100Ms = Math.max(mostIn100Ms, place - first + 1);
  }
  return { firstMs: sorted[0] ?? 0, lastMs: sorted.at(-1) ?? 0, mostIn100Ms };
}
