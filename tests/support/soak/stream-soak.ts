/** Readers that stay, leave, come back and stall, for as long as asked: every line once, and a memory that stays flat. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startHubProcess } from '../hub-process.ts';
import { metric } from '../metric.ts';
import { until } from '../until.ts';
import { SoakReader } from './soak-reader.ts';

export interface StreamSoakOptions {
  seconds: number;
  /** Default 500. */
  linesPerSecond?: number;
  /** Readers that stay, that leave and come back, and that stall: so many of each. Default 4. */
  readersOfAKind?: number;
  /** Told once a minute. */
  onProgress?: (line: string) => void;
}

export interface StreamSoakResult {
  lines: number;
  read: number;
  reconnects: number;
  stalls: number;
  /** Readers cut by the hub. */
  cuts: number;
  counted: number;
  lost: number;
  doubled: number;
  resets: number;
  /** Medians of the hub's resident memory in the second and in the last quarter of the time. */
  earlyBytes: number;
  lateBytes: number;
}

/** A backed-up reader is cut after this time; some stalls are longer, some shorter. */
const OUTBOX_MS = 1_000;
/** The kernel's buffers take some megabytes before the hub feels a stall: lines are large and stalls long. */
const LONGEST_STALL_MS = 8_000;
const TEXT_LENGTH = 6_000;
/** Enough for what passes during the longest stall. */
const REPLAY_BYTES = 48 * 1024 * 1024;
/** So few that no reader is behind by more than the lines that wait for it. */
const TRICKLE_PER_SECOND = 1;
/** On a machine with other work. */
const CATCH_UP_MS = 40_000;

export async function soakStream(options: StreamSoakOptions): Promise<StreamSoakResult> {
  const { seconds, linesPerSecond = 500, readersOfAKind = 4, onProgress } = options;
  await using hub = await startHubProcess({
    hub: { outboxMs: OUTBOX_MS, replayBytes: REPLAY_BYTES },
    textLength: TEXT_LENGTH,
  });
  await hub.publish(linesPerSecond);
  using readers = new DisposableStack();
  const open = () => Array.from({ length: readersOfAKind }, () => readers.use(new SoakReader(hub)));
  const [staying, leaving, stalling] = [open(), open(), open()];
  const all = [...staying, ...leaving, ...stalling];
  const memory: number[] = [];
  let stalls = 0;
  const end = performance.now() + seconds * 1_000;
  const isOver = () => performance.now() >= end;

  async function comeAndGo(reader: SoakReader): Promise<void> {
    while (!isOver()) {
      await sleep(200 + Math.random() * 1_500);
      reader.drop();
    }
  }
  async function stallAndGoOn(reader: SoakReader): Promise<void> {
    while (!isOver()) {
      await sleep(Math.random() * 1_000);
      reader.pause();
      stalls++;
      await sleep(Math.random() * LONGEST_STALL_MS);
      reader.resume();
    }
  }
  async function watchMemory(): Promise<void> {
    while (!isOver()) {
      memory.push(await hub.residentBytes());
      if (memory.length % 60 === 0)
        onProgress?.(`${memory.length} s: ${(memory.at(-1)! / 2 ** 20).toFixed(1)} MiB`);
      await sleep(1_000);
    }
  }
  await Promise.all([...leaving.map(comeAndGo), ...stalling.map(stallAndGoOn), watchMemory()]);

  // The flood's last line may be one that was only counted for a reader: what trickles after it is not.
  const flood = await hub.publish(TRICKLE_PER_SECOND);
  await until('a line after the flood', () => all.every(({ newest }) => newest >= flood), CATCH_UP_MS);
  const lines = await hub.publish(0);
  await until('the last line everywhere', () => all.every(({ newest }) => newest === lines - 1), CATCH_UP_MS);
  const sum = (of: (reader: SoakReader) => number) => all.reduce((total, reader) => total + of(reader), 0);
  const quarter = Math.max(1, Math.floor(memory.length / 4));
  return {
    lines,
    read: sum(({ read }) => read),
    reconnects: sum(({ reconnects }) => reconnects),
    stalls,
    cuts: (await metric(hub, 'watchline_hub_cuts_total{reason="stalled"}')) ?? 0,
    counted: sum(({ counted }) => counted),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    resets: sum(({ resets }) => resets),
    earlyBytes: medianOf(memory.slice(quarter, 2 * quarter)),
    lateBytes: medianOf(memory.slice(-quarter)),
  };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
