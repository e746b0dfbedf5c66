/**
 * One made-up life of a log and its tailer: lines, rotations, kills and returns in a random order that a seed decides, on real files and
 * as fast as they go. What a kill leaves is what was kept last; lines handed over after that do not count. Then each number is counted.
 */
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { LogProgress } from '../../../agent/log-progress.ts';
import { createLogCollector, type LogCollector } from '../../../collect/logs/log-collector.ts';
import { makeTempFolder } from '../temp-folder.ts';
import { numberOf } from './logs-harvest.ts';

export interface LogHistory {
  lines: number;
  lost: number[];
  doubled: number[];
  /** Told as lost. */
  gaps: number;
  /** What happened, in order, with the number of the next line. */
  events: string[];
}

const STEPS = 24;
/** Turns of the event loop between two steps, at most. */
const MOST_TURNS = 40;
const KEPT = 6;
const LINGER_MS = 10_000;
/** Without a line, while lines are still to come. */
const PATIENCE_MS = 1_500;
/** A collector read so many lines at once in the long ones. */
const LONG_LINES = 3_000;

export async function liveLogHistory(seed: number): Promise<LogHistory> {
  await using folder = await makeTempFolder();
  const random = randomOf(seed);
  // Some tailers let go of rotated files at once, and their writers are never late.
  const lingers = random() < 0.7;
  const log = new WrittenLog(path.join(folder.path, 'app.log'), random, lingers);
  const tailer = new KilledTailer(path.join(folder.path, '*.log'), random, lingers ? LINGER_MS : 0);
  const events: string[] = [];
  const tell = (event: string) => events.push(`${event} @${log.next}`);
  log.append(1);
  await tailer.start();
  await tailer.hasAll(0);
  for (let step = 0; step < STEPS; step++) {
    const isUp = tailer.isUp;
    const deed = random();
    if (deed < 0.4) {
      if (random() < 0.5) await rotate();
      log.append(1 + Math.floor(random() * (random() < 0.1 ? LONG_LINES : 60)));
      tell('append');
    } else if (deed < 0.7) await rotate();
    else if (deed < 0.75 && isUp) {
      const all = await tailer.hasAll(log.next - 1);
      if (all) log.delete();
      tell(all ? 'delete' : 'not read');
    } else if (deed < 0.8) {
      const count = log.compress(tailer);
      if (count > 0) tell('compress');
    } else if (isUp) {
      const how = random() < 0.7 ? 'kill' : 'stop';
      await tailer.end(how);
      tell(how);
    } else {
      tell('start');
      if (random() < 0.5) await tailer.start();
      else void tailer.start();
    }
    if (tailer.isUp) for (let turns = random() * MOST_TURNS; turns > 0; turns--) await tailer.turn();
    if (tailer.isUp && random() < 0.2) await sleep(random() * 60);
  }
  log.append(1);
  if (!tailer.isUp) await tailer.start();
  await tailer.hasAll(log.next - 1);
  await tailer.end('stop');
  // What comes twice comes now.
  tell('last start');
  await tailer.start();
  await tailer.end('stop');
  return { lines: log.next, ...tailer.count(log.next), events };

  async function rotate(): Promise<void> {
    const ways = ['rename', 'linger', 'copytruncate'] as const;
    const way = ways[Math.floor(random() * ways.length)]!;
    log[way]();
    tell(way);
    await setImmediate();
  }
}

/** The log and who writes it. */
class WrittenLog {
  readonly #file: string;
  readonly #random: () => number;
  #descriptor: number;
  /** Appends that still go into a file that was renamed. */
  #late = 0;
  readonly #lingers: boolean;
  next = 0;

  constructor(file: string, random: () => number, lingers: boolean) {
    this.#file = file;
    this.#random = random;
    this.#lingers = lingers;
    this.#descriptor = openSync(file, 'a');
  }

  append(count: number): void {
    if (this.#late > 0 && --this.#late === 0) this.#reopen();
    let text = '';
    for (let i = 0; i < count; i++) text += `number ${this.next++} of a line that is as long as lines are\n`;
    // Now and then in two pieces, so that half a line is met.
    const cut = this.#random() < 0.3 ? text.length - 20 : text.length;
    writeSync(this.#descriptor, text.slice(0, cut));
    if (cut < text.length) writeSync(this.#descriptor, text.slice(cut));
  }

  rename(): void {
    if (!existsSync(this.#file)) return;
    this.#shift();
    renameSync(this.#file, `${this.#file}.1`);
    if (!this.#lingers || this.#random() < 0.5) this.#reopen();
    else this.#late = 1;
  }

  /** The writer learns of it late. */
  linger(): void {
    if (!existsSync(this.#file)) return;
    this.#shift();
    renameSync(this.#file, `${this.#file}.1`);
    appendFileSync(this.#file, '');
    if (!this.#lingers) this.#reopen();
    else if (this.#late === 0) this.#late = 3;
  }

  copytruncate(): void {
    if (!existsSync(this.#file)) return;
    this.#shift();
    copyFileSync(this.#file, `${this.#file}.1`);
    truncateSync(this.#file);
  }

  /** All of it has been read. */
  delete(): void {
    if (!existsSync(this.#file)) return;
    unlinkSync(this.#file);
    this.#reopen();
  }

  /** What is old and was read goes. */
  compress(tailer: KilledTailer): number {
    let count = 0;
    for (let i = this.#generations(); i > KEPT; i--) {
      const last = numberOf(readFileSync(`${this.#file}.${i}`, 'latin1').split('\n').at(-2) ?? '');
      if (last >= 0 && !tailer.keptAllUpTo(last)) break;
      rmSync(`${this.#file}.${i}`);
      count++;
    }
    return count;
  }

  #generations(): number {
    return readdirSync(path.dirname(this.#file)).filter((name) => /\.log\.\d+$/.test(name)).length;
  }

  #shift(): void {
    for (let i = this.#generations(); i >= 1; i--) renameSync(`${this.#file}.${i}`, `${this.#file}.${i + 1}`);
  }

  #reopen(): void {
    closeSync(this.#descriptor);
    this.#descriptor = openSync(this.#file, 'a');
    this.#late = 0;
  }
}

/** A tailer, and what a killed one leaves. */
class KilledTailer {
  readonly #glob: string;
  readonly #random: () => number;
  #collector: LogCollector | null = null;
  #progress = new LogProgress();
  #starting: Promise<void> = Promise.resolve();
  /** Handed over since the last keeping. */
  #loose: number[] = [];
  readonly #kept: number[] = [];
  #positions: string | null = null;
  #heardAt = 0;
  gaps = 0;

  readonly #lingerMs: number;

  constructor(glob: string, random: () => number, lingerMs: number) {
    this.#glob = glob;
    this.#random = random;
    this.#lingerMs = lingerMs;
  }

  get isUp(): boolean {
    return this.#collector !== null;
  }

  start(): Promise<void> {
    const progress = new LogProgress();
    if (this.#positions !== null) progress.load({ whole: this.#positions, changes: [] });
    const collector = createLogCollector({
      host: 'web-1',
      files: [this.#glob],
      exclude: [],
      journal: 'off',
      positions: progress.positions,
      rescanMs: 100,
      lingerMs: this.#lingerMs,
    });
    progress.follow(collector);
    this.#progress = progress;
    this.#collector = collector;
    this.#starting = collector.start((observation) => {
      if (this.#collector !== collector) return;
      if (observation.name === 'gap') this.gaps++;
      if (observation.name !== 'log') return;
      this.#loose.push(numberOf(observation.data.text));
      this.#heardAt = performance.now();
    });
    return this.#starting;
  }

  /** A turn of the event loop; perhaps it keeps. */
  async turn(): Promise<void> {
    await setImmediate();
    if (this.#random() < 0.2) this.#keep();
  }

  async end(how: 'kill' | 'stop'): Promise<void> {
    const collector = this.#collector!;
    if (how === 'kill') {
      this.#collector = null;
      this.#loose = [];
      await collector[Symbol.asyncDispose]();
      await this.#starting;
    } else {
      await collector[Symbol.asyncDispose]();
      await this.#starting;
      this.#keep();
      this.#collector = null;
    }
  }

  keptAllUpTo(number: number): boolean {
    const kept = new Set(this.#kept);
    for (let i = 0; i <= number; i++) if (!kept.has(i)) return false;
    return true;
  }

  /** False: it does not come. */
  async hasAll(newest: number): Promise<boolean> {
    this.#heardAt = performance.now();
    for (;;) {
      await sleep(5);
      this.#keep();
      if (this.keptAllUpTo(newest)) return true;
      if (performance.now() - this.#heardAt > PATIENCE_MS) return false;
    }
  }

  count(lines: number): { lost: number[]; doubled: number[]; gaps: number } {
    const times = new Uint8Array(lines);
    for (const number of this.#kept) times[number]!++;
    const all = [...times.keys()];
    return {
      lost: all.filter((n) => times[n] === 0),
      doubled: all.filter((n) => times[n]! > 1),
      gaps: this.gaps,
    };
  }

  #keep(): void {
    if (this.#progress.changed() !== null) this.#positions = JSON.stringify(this.#progress.positions);
    this.#kept.push(...this.#loose.splice(0));
  }
}

/** mulberry32: the same numbers from 0 to 1 for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
