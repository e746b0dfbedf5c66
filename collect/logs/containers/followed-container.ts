/** Follows the log of one container, from the moment it was read up to, over its restarts. */
import type { LineEmitter, OpenLines } from '../line-emitter.ts';
import { LineSplitter } from '../line-splitter.ts';
import { untilRoom } from '../room.ts';
import type { SourceStatus } from '../source-status.ts';
import { fieldsOf, type Container } from './container.ts';
import { EngineAnswerError, followEngine } from './engine-socket.ts';
import type { KeptContainer } from './kept-container.ts';
import { HeldLines } from './held-lines.ts';
import { LogFrames, type Output } from './log-frames.ts';
import { isWholeSecond, scanMoment, withoutInnerMoments, type LogMoment } from './log-moment.ts';
import { ToldLines } from './told-lines.ts';

/** Lines read of a container at the first start. */
const BACKLOG_LINES = 100;

/** Engines note that a container started after its first lines; on a busy machine by as much as this. */
const START_NOTED_MS = 10_000;

/**
 * Where reading begins of a container that nothing was read of so far: with its newest lines, as at the very first start of Watchline; with
 * this life of it; or with the life that began by then, in epoch milliseconds of the engine's clock.
 */
export type Beginning = 'newest' | 'life' | number;

/** `line` with the moment before it. */
type OnLogLine = (output: Output, line: string, isTruncated: boolean) => void;

export interface FollowedContainerOptions {
  socketPath: string;
  container: Container;
  emitter: LineEmitter;
  status: SourceStatus;
  /** Where an earlier start got to; null: nowhere. */
  kept: KeptContainer | null;
  beginning: Beginning;
}

type LifeBeginning = Pick<LogMoment, 'seconds' | 'ms'>;

export class FollowedContainer {
  readonly #options: FollowedContainerOptions;
  #position: KeptContainer | null;
  readonly #lifeBegan: LifeBeginning | null;

  constructor(options: FollowedContainerOptions) {
    this.#options = options;
    this.#position = options.kept;
    this.#lifeBegan = lifeBeginning(options);
  }

  /** Null before the first line. */
  get position(): KeptContainer | null {
    return this.#position;
  }

  /** Resolves when the container has ended, or the engine. Rejects only where the engine cannot be reached. */
  async follow(signal: AbortSignal): Promise<void> {
    this.#options.status.tell('following', null);
    await this.#read(signal, async (onLine) => {
      const isNew = this.#position === null && this.#options.beginning === 'newest';
      const told = new ToldLines(isNew);
      if (isNew) await this.#takeNewest(told, signal, onLine);
      const isBeyond = told.untold();
      using newest = new HeldLines();
      const end = await this.#take(this.#path(true, told.since), signal, (output, line, isTruncated) => {
        const moment = scanMoment(line);
        if (!isBeyond(line, moment)) return;
        const tell = () => {
          if (moment === null || told.add(output, moment, line)) onLine(output, line, isTruncated);
        };
        if (moment !== null && isWholeSecond(moment)) newest.hold(tell);
        else tell();
      });
      const untold = newest.letGo();
      const isUntold = told.untold();
      const rest = await this.#take(this.#path(false, told.since), signal, (output, line, isTruncated) => {
        if (isUntold(line, scanMoment(line))) onLine(output, line, isTruncated);
      }).catch((error: unknown) => {
        if (!(error instanceof EngineAnswerError)) throw error;
        // It was removed with its log.
        for (const tell of untold) tell();
        return end;
      });
      rest();
    });
  }

  /**
   * Tells the newest lines, and where to follow from. Podman's stream of the newest lines and what follows leaves out what is written
   * between the two (seen with 4.3). A line that has no end yet is left to what follows.
   */
  async #takeNewest(told: ToldLines, signal: AbortSignal, onLine: OnLogLine): Promise<void> {
    await this.#take(this.#path(false, null), signal, (output, line, isTruncated) => {
      const moment = scanMoment(line);
      if (moment === null || told.add(output, moment, line)) onLine(output, line, isTruncated);
    });
  }

  /** Reads what there is of the log of a container that does not run. Rejects like `follow`. */
  async readRest(signal: AbortSignal): Promise<void> {
    await this.#read(signal, async (onLine) => {
      const end = await this.#take(this.#path(false, null), signal, onLine);
      end();
    });
  }

  async #read(signal: AbortSignal, take: (onLine: OnLogLine) => Promise<void>): Promise<void> {
    const { container, emitter, status } = this.#options;
    const resumed = this.#position === null ? null : { ...this.#position };
    using opened = new DisposableStack();
    const outputs = new Map<Output, OpenLines>();
    const linesOf = (output: Output): OpenLines => {
      const lines =
        outputs.get(output) ??
        opened.use(emitter.open(status.label, { ...fieldsOf(container), stream: output }));
      outputs.set(output, lines);
      return lines;
    };
    try {
      await take((output, line, isTruncated) => this.#tell(line, isTruncated, linesOf(output), resumed));
      status.tell(
        'waiting',
        `The container ${container.name} is not running; following goes on when it starts.`,
      );
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof EngineAnswerError)) throw error;
      status.tell('failed', `The engine does not give the log of ${container.name}: ${error.message}`);
    }
  }

  /** Resolves when the answer ends; what it answers then tells the last line where that has no end. */
  async #take(path: string, signal: AbortSignal, onLine: OnLogLine): Promise<() => void> {
    const { socketPath, container, emitter } = this.#options;
    const splitters = new Map<Output, LineSplitter>();
    const splitter = (output: Output): LineSplitter => {
      const known =
        splitters.get(output) ??
        new LineSplitter({ onLine: (line, isTruncated) => onLine(output, line, isTruncated) });
      splitters.set(output, known);
      return known;
    };
    const frames = new LogFrames((output, bytes) => splitter(output).push(bytes));
    await followEngine(socketPath, path, signal, (chunk) => {
      if (container.hasTerminal) splitter('stdout').push(chunk);
      else frames.push(chunk);
      return untilRoom(emitter.room);
    });
    return () => splitters.forEach((each) => each.flush());
  }

  /** @param since second since 1970; null: where reading begins */
  #path(isFollowing: boolean, since: number | null): string {
    const { container, beginning } = this.#options;
    const query = new URLSearchParams({ stdout: '1', stderr: '1', timestamps: '1' });
    if (isFollowing) query.set('follow', '1');
    const began = this.#lifeBegan;
    if (since !== null) query.set('since', `${since}.000000000`);
    else if (this.#position !== null) query.set('since', this.#position.seconds);
    else if (beginning === 'newest') {
      // Of a log without lines a moment ago, all is followed.
      if (!isFollowing) query.set('tail', String(BACKLOG_LINES));
    }
    // Its log may hold the lines of earlier lives. Podman gives the moments of lines in whole seconds.
    else if (began !== null) query.set('since', `${Math.floor(began.ms / 1000)}.000000000`);
    return `/containers/${container.id}/logs?${query.toString()}`;
  }

  #tell(line: string, isTruncated: boolean, { onLine }: OpenLines, resumed: KeptContainer | null): void {
    const moment = scanMoment(line);
    if (moment === null) {
      onLine(line, isTruncated);
      return;
    }
    const { seconds, ms, end } = moment;
    // `since` gives the lines of that very moment once more.
    if (
      resumed !== null &&
      (seconds < resumed.seconds || (seconds === resumed.seconds && resumed.lines-- > 0))
    )
      return;
    if (resumed === null && this.#options.beginning !== 'newest' && this.#isOfEarlierLife(moment)) return;
    const isSameMoment = this.#position?.seconds === seconds;
    const isLater = this.#position === null || seconds >= this.#position.seconds;
    // The two outputs come in order, each by itself: the later one counts.
    if (isLater)
      this.#position = {
        id: this.#options.container.id,
        seconds,
        lines: isSameMoment ? this.#position!.lines + 1 : 1,
      };
    const text = line.slice(end);
    onLine(this.#options.container.hasTerminal ? withoutInnerMoments(text) : text, isTruncated, ms);
  }

  /** Of a moment in whole seconds, nobody can say. */
  #isOfEarlierLife(moment: LogMoment): boolean {
    const began = this.#lifeBegan;
    return began !== null && moment.seconds < began.seconds && !isWholeSecond(moment);
  }
}

/** Lines from before are of earlier lives; null: there was none. Too early rather than too late: lines would be lost. */
function lifeBeginning({ container, beginning }: FollowedContainerOptions): LifeBeginning | null {
  const noted = typeof beginning === 'number' ? beginning : momentOf(container.startedAt)?.ms;
  // Where it does not run, what has ended may be this life.
  const ended = container.isRunning ? momentOf(container.endedAt) : undefined;
  if (noted === undefined || ended === null) return null;
  const ms = Math.min(noted - START_NOTED_MS, ended?.ms ?? Infinity);
  return { seconds: (ms / 1000).toFixed(3).padEnd(20, '0'), ms };
}

/** Null: never, or nobody knows. */
function momentOf(text: string | null): LogMoment | null {
  return text === null ? null : scanMoment(`${text} `);
}
