/** Follows the system's own log on macOS and Windows, through the one program that prints it. */
import type { LineEmitter } from '../line-emitter.ts';
import type { Emit, LogSourceReader } from '../log-source-reader.ts';
import { RestartedChild } from '../restarted-child.ts';
import { createSourceStatus, type SourceStatus } from '../source-status.ts';
import type { SystemLog } from './system-log.ts';
import type { SystemPositions } from './system-positions.ts';

/** One event as JSON: a Windows message is 32 K characters at most. */
const MAX_EVENT_BYTES = 512 * 1024;

export interface SystemLogSourceOptions {
  host: string;
  log: SystemLog;
  emitter: LineEmitter;
  /** Where an earlier start of this program got to; null: this is the first. */
  kept: SystemPositions | null;
  /** Pause before the first restart. Default 1000. */
  restartMs?: number;
}

export class SystemLogSource implements LogSourceReader {
  readonly #options: SystemLogSourceOptions;
  readonly #child: RestartedChild;
  #emit: Emit = () => {};
  #status: SourceStatus | null = null;
  #read: Record<string, number>;
  #isTroubled = false;
  #isFirstOfRun = true;

  constructor(options: SystemLogSourceOptions) {
    const { log, kept, restartMs } = options;
    this.#options = options;
    this.#read = { ...kept };
    this.#child = new RestartedChild({
      room: options.emitter.room,
      command: log.command,
      args: () => {
        this.#isFirstOfRun = true;
        this.#isTroubled = false;
        return log.args(this.#read);
      },
      maxLineBytes: MAX_EVENT_BYTES,
      ...(restartMs !== undefined && { restartMs }),
      onLine: (line) => this.#onLine(line),
      onComplaint: (line) => this.#onComplaint(line),
      onStarted: () => {
        if (this.#status === null) this.#tell('waiting', `${log.command} was started; no event came so far.`);
      },
      onEnded: (how) => {
        if (!this.#isTroubled) this.#tell('failed', `${log.command} ended (${how}); it is started again.`);
      },
    });
  }

  /** Null before the first event. */
  get positions(): SystemPositions | null {
    return Object.keys(this.#read).length === 0 ? null : { ...this.#read };
  }

  async start(emit: Emit): Promise<void> {
    this.#emit = emit;
    await this.#child.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    this.#emit = () => {};
  }

  #onLine(line: string): void {
    const { log, emitter } = this.#options;
    const found = log.parse(line);
    if (found === null) return;
    const before = this.#read[found.log];
    if (log.forgets && this.#isFirstOfRun && before !== undefined) this.#tellGap(before, found.event.time);
    this.#isFirstOfRun = false;
    this.#read[found.log] = found.place;
    if (!this.#isTroubled) this.#tell('following', null);
    emitter.told(found.event);
  }

  #onComplaint(line: string): void {
    const trouble = this.#options.log.trouble(line);
    if (trouble === null) return;
    this.#isTroubled = true;
    this.#tell(trouble.state, trouble.reason);
  }

  #tell(...state: Parameters<SourceStatus['tell']>): void {
    const { host, log } = this.#options;
    this.#status ??= createSourceStatus((observation) => this.#emit(observation), {
      host,
      id: log.label,
      kind: 'system',
      label: log.label,
    });
    this.#status.tell(...state);
  }

  #tellGap(from: number, to: number): void {
    const { host } = this.#options;
    const gap = {
      host,
      channel: 'logs',
      reason: 'source-reset',
      from,
      to: Math.max(from, to),
      count: null,
    } as const;
    this.#emit({ name: 'gap', data: gap });
  }
}
