/** Lines of standard input: `somecmd | watchline agent --stdin somecmd`. */
import type { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';
import { LineSplitter } from '../line-splitter.ts';
import type { OpenLines } from '../line-emitter.ts';
import type { Emit, LogSourceReader } from '../log-source-reader.ts';
import { holdBack, type Room } from '../room.ts';
import { createSourceStatus } from '../source-status.ts';

export interface StdinSourceOptions {
  host: string;
  /** What the source is called, 1 to 255 characters. */
  name: string;
  input: Readable;
  lines: OpenLines;
  /** While there is none, it is not read, and who writes it waits. */
  room: Room;
}

export class StdinSource implements LogSourceReader {
  readonly #options: StdinSourceOptions;
  #stop: () => void = () => {};

  constructor(options: StdinSourceOptions) {
    this.#options = options;
  }

  /** Resolves at once: what comes, and when, is up to who writes. */
  start(emit: Emit): Promise<void> {
    const { host, name, input, lines, room } = this.#options;
    const status = createSourceStatus(emit, { host, id: 'stdin', kind: 'stdin', label: name });
    const splitter = new LineSplitter({ onLine: (text, isTruncated) => lines.onLine(text, isTruncated) });
    const onChunk = (chunk: Buffer): void => {
      splitter.push(chunk);
      holdBack(input, room);
    };
    const end = (why: string) => (): void => {
      splitter.flush();
      status.tell('waiting', why);
    };
    const onEnd = end(
      'Standard input has ended: the program that wrote it is done. The rest is watched as before.',
    );
    const onError = end('Standard input can no longer be read. The rest is watched as before.');
    input.on('data', onChunk).once('end', onEnd).once('error', onError);
    this.#stop = () => {
      input.off('data', onChunk).off('end', onEnd).off('error', onError);
      // Otherwise an open pipe would keep the process from ending.
      input.pause();
      input.destroy();
      splitter.flush();
    };
    status.tell('following', null);
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop();
    this.#options.lines[Symbol.dispose]();
    await Promise.resolve();
  }
}
