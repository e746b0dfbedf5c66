/** Follows the log of one container, from the moment it was read up to, over its restarts. */
import type { LineEmitter } from '../line-emitter.ts';
import { LineSplitter } from '../line-splitter.ts';
import { untilRoom } from '../room.ts';
import type { SourceStatus } from '../source-status.ts';
import { fieldsOf, type Container } from './container.ts';
import { EngineAnswerError, followEngine } from './engine-socket.ts';
import type { KeptContainer } from './kept-container.ts';
import { LogFrames, type Output } from './log-frames.ts';
import { scanMoment } from './log-moment.ts';

/** Lines read of a container at the first start. */
const BACKLOG_LINES = 100;

export interface FollowedContainerOptions {
  socketPath: string;
  container: Container;
  emitter: LineEmitter;
  status: SourceStatus;
  /** Where an earlier start got to; null: nowhere. */
  kept: KeptContainer | null;
  /** It was running when Watchline started for the first time: only the end of its log is read. */
  isBacklog: boolean;
}

export class FollowedContainer {
  readonly #options: FollowedContainerOptions;
  #read: KeptContainer | null;

  constructor(options: FollowedContainerOptions) {
    this.#options = options;
    this.#read = options.kept;
  }

  /** Null before the first line. */
  get position(): KeptContainer | null {
    return this.#read;
  }

  /** Resolves when the container has ended, or the engine. Rejects only where the engine cannot be reached. */
  async follow(signal: AbortSignal): Promise<void> {
    const { socketPath, container, emitter, status } = this.#options;
    const resumed = this.#read === null ? null : { ...this.#read };
    using opened = new DisposableStack();
    const outputs = new Map<Output, LineSplitter>();
    const splitterOf = (output: Output): LineSplitter => {
      const lines = opened.use(emitter.open(status.label, { ...fieldsOf(container), stream: output }));
      return new LineSplitter({
        onLine: (text, isTruncated) => this.#tell(text, isTruncated, lines.onLine, resumed),
      });
    };
    const splitter = (output: Output): LineSplitter => {
      const known = outputs.get(output) ?? splitterOf(output);
      outputs.set(output, known);
      return known;
    };
    const frames = new LogFrames((output, bytes) => splitter(output).push(bytes));
    status.tell('following', null);
    try {
      await followEngine(socketPath, this.#path(), signal, (chunk) => {
        if (container.hasTerminal) splitter('stdout').push(chunk);
        else frames.push(chunk);
        return untilRoom(emitter.room);
      });
      for (const each of outputs.values()) each.flush();
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

  #path(): string {
    const { container, isBacklog } = this.#options;
    const query = new URLSearchParams({ follow: '1', stdout: '1', stderr: '1', timestamps: '1' });
    const started = container.startedAt === null ? null : scanMoment(`${container.startedAt} `);
    if (this.#read !== null) query.set('since', this.#read.seconds);
    else if (isBacklog) query.set('tail', String(BACKLOG_LINES));
    // Its log may hold the lines of earlier lives.
    else if (started !== null) query.set('since', started.seconds);
    return `/containers/${container.id}/logs?${query.toString()}`;
  }

  #tell(
    line: string,
    isTruncated: boolean,
    onLine: (text: string, isTruncated: boolean, time?: number) => void,
    resumed: KeptContainer | null,
  ): void {
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
    const isSameMoment = this.#read?.seconds === seconds;
    const isLater = this.#read === null || seconds >= this.#read.seconds;
    // The two outputs come in order, each by itself: the later one counts.
    if (isLater)
      this.#read = {
        id: this.#options.container.id,
        seconds,
        lines: isSameMoment ? this.#read!.lines + 1 : 1,
      };
    onLine(line.slice(end), isTruncated, ms);
  }
}
