/** Follows the logs of all running containers of one engine, and of those that start later. */
import type { Buffer } from 'node:buffer';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LineEmitter } from '../line-emitter.ts';
import { LineSplitter } from '../line-splitter.ts';
import type { Emit, LogSourceReader } from '../log-source-reader.ts';
import { createSourceStatus, type SourceStatus } from '../source-status.ts';
import { parseEvent, runningIds } from './container.ts';
import { engineTrouble } from './engine-trouble.ts';
import { askEngine, followEngine } from './engine-socket.ts';
import { FollowedContainers } from './followed-containers.ts';
import type { KeptContainer } from './kept-container.ts';

const MAX_RETRY_MS = 30_000;
const MAX_EVENT_BYTES = 256 * 1024;

export interface ContainerSourceOptions {
  host: string;
  socketPath: string;
  emitter: LineEmitter;
  /** Where an earlier start of this program got to; null: this is the first. */
  kept: readonly KeptContainer[] | null;
  /** Pause before the engine is asked again, doubled each time up to 30 s. Default 1000. */
  retryMs?: number;
}

export class ContainerSource implements LogSourceReader {
  readonly #options: ContainerSourceOptions;
  readonly #ending = new AbortController();
  readonly #containers: FollowedContainers;
  #emit: Emit = () => {};
  #status: SourceStatus | null = null;
  #following: Promise<void> = Promise.resolve();
  #isFirstLook: boolean;

  constructor(options: ContainerSourceOptions) {
    const { host, socketPath, emitter, kept } = options;
    this.#options = options;
    this.#isFirstLook = kept === null;
    this.#containers = new FollowedContainers({
      host,
      socketPath,
      emitter,
      emit: (observation) => this.#emit(observation),
      kept: kept ?? [],
      signal: this.#ending.signal,
      onTooMany: (reason) => this.#status!.tell('failed', reason),
    });
  }

  /** Of containers that were read, by now or by an earlier start. */
  get positions(): KeptContainer[] {
    return this.#containers.positions;
  }

  /** Resolves once the engine has answered, or has not. */
  async start(emit: Emit): Promise<void> {
    this.#emit = emit;
    const { host, socketPath } = this.#options;
    const label = socketPath.includes('podman') ? 'podman' : 'docker';
    this.#status = createSourceStatus(emit, { host, id: socketPath, kind: 'container', label });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#following = this.#follow(resolve).finally(resolve);
    await promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#following;
    await this.#containers[Symbol.asyncDispose]();
    this.#emit = () => {};
  }

  async #follow(onAnswered: () => void): Promise<void> {
    const { signal } = this.#ending;
    const first = this.#options.retryMs ?? 1_000;
    for (let pause = first; !signal.aborted; pause = Math.min(pause * 2, MAX_RETRY_MS)) {
      try {
        await this.#watchEngine(() => {
          pause = first;
          onAnswered();
        });
      } catch (error) {
        if (signal.aborted) return;
        const { state, reason } = engineTrouble(error, this.#options.socketPath);
        this.#status!.tell(state, reason);
        onAnswered();
      }
      await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
    }
  }

  /** Resolves when the engine ends its stream of events. */
  async #watchEngine(onAnswered: () => void): Promise<void> {
    const { socketPath } = this.#options;
    const { signal } = this.#ending;
    const events = new LineSplitter({ maxLineBytes: MAX_EVENT_BYTES, onLine: (json) => this.#onEvent(json) });
    const filters = encodeURIComponent('{"type":["container"],"event":["start","destroy","remove"]}');
    // Asked before the list, so that no start falls between the two.
    const watching = followEngine(socketPath, `/events?filters=${filters}`, signal, (chunk: Buffer) =>
      events.push(chunk),
    );
    watching.catch(() => undefined);
    const running = runningIds(await askEngine(socketPath, '/containers/json', signal));
    this.#containers.look(running, this.#isFirstLook);
    this.#isFirstLook = false;
    this.#status!.tell('following', null);
    onAnswered();
    await watching;
  }

  #onEvent(json: string): void {
    const event = parseEvent(json);
    if (event === null) return;
    if (event.hasStarted) this.#containers.begin(event.id, event.ms ?? 'life');
    else this.#containers.forget(event.id);
  }
}
