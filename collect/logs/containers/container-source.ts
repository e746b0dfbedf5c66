/** Follows the logs of all running containers of one engine, and of those that start later. */
import type { Buffer } from 'node:buffer';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LineEmitter } from '../line-emitter.ts';
import { LineSplitter } from '../line-splitter.ts';
import type { Emit, LogSourceReader } from '../log-source-reader.ts';
import { createSourceStatus, type SourceStatus } from '../source-status.ts';
import { parseContainer, parseEvent, runningIds, type Container } from './container.ts';
import { engineTrouble } from './engine-trouble.ts';
import { askEngine, EngineAnswerError, followEngine } from './engine-socket.ts';
import { FollowedContainer } from './followed-container.ts';
import type { KeptContainer } from './kept-container.ts';

const MAX_RETRY_MS = 30_000;
/** Containers followed at once. */
const MAX_CONTAINERS = 256;
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
  readonly #followed = new Map<string, FollowedContainer>();
  /** By container. */
  readonly #statuses = new Map<string, SourceStatus>();
  readonly #kept: Map<string, KeptContainer>;
  readonly #running = new Map<string, Promise<void>>();
  /** Started again before the log of their last life was read to its end. */
  readonly #startedAgain = new Set<string>();
  #emit: Emit = () => {};
  #status: SourceStatus | null = null;
  #following: Promise<void> = Promise.resolve();
  #finishing: Promise<void> = Promise.resolve();
  #isFirstLook: boolean;

  constructor(options: ContainerSourceOptions) {
    this.#options = options;
    this.#kept = new Map(options.kept?.map((each) => [each.id, each]));
    this.#isFirstLook = options.kept === null;
  }

  /** Of containers that were read, by now or by an earlier start. */
  get positions(): KeptContainer[] {
    for (const [id, { position }] of this.#followed) if (position !== null) this.#kept.set(id, position);
    return [...this.#kept.values()];
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
    await this.#finishing;
    await Promise.all(this.#running.values());
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
    for (const id of running) this.#begin(id, this.#isFirstLook);
    this.#isFirstLook = false;
    const ended = [...this.#kept.keys()].filter((id) => !running.includes(id));
    this.#finishing = this.#finishing.then(() => this.#finish(ended));
    this.#status!.tell('following', null);
    onAnswered();
    await watching;
  }

  #onEvent(json: string): void {
    const event = parseEvent(json);
    if (event === null) return;
    if (event.hasStarted) this.#begin(event.id, false);
    else this.#forget(event.id);
  }

  #begin(id: string, isBacklog: boolean): void {
    if (this.#ending.signal.aborted) return;
    if (this.#running.has(id)) {
      this.#startedAgain.add(id);
      return;
    }
    if (this.#running.size >= MAX_CONTAINERS) {
      this.#status!.tell(
        'failed',
        `More than ${MAX_CONTAINERS} containers run; the logs of the others are left out.`,
      );
      return;
    }
    const run = this.#run(id, isBacklog)
      // The engine is gone; its next list begins this one anew.
      .catch(() =>
        this.#statuses
          .get(id)
          ?.tell('waiting', 'The container engine is away; following goes on when it is back.'),
      )
      .finally(() => {
        this.#running.delete(id);
        if (this.#startedAgain.delete(id)) this.#begin(id, false);
      });
    this.#running.set(id, run);
  }

  /** Reads the rest of containers that ended while nobody followed them, one after the other. */
  async #finish(ids: readonly string[]): Promise<void> {
    const { socketPath, emitter } = this.#options;
    const { signal } = this.#ending;
    for (const id of ids) {
      try {
        const container = parseContainer(await askEngine(socketPath, `/containers/${id}/json`, signal));
        const kept = this.#kept.get(id);
        if (container === null || kept === undefined || this.#running.has(id)) continue;
        const status = createSourceStatus(() => {}, this.#sourceOf(container));
        const followed = new FollowedContainer({
          socketPath,
          container,
          emitter,
          status,
          kept,
          isBacklog: false,
        });
        await followed.follow(signal);
        if (followed.position !== null && this.#kept.has(id)) this.#kept.set(id, followed.position);
      } catch (error) {
        // Removed meanwhile. Where the engine is gone, the next look tries again.
        if (error instanceof EngineAnswerError && error.status === 404) this.#kept.delete(id);
      }
    }
  }

  async #run(id: string, isBacklog: boolean): Promise<void> {
    const { socketPath, emitter } = this.#options;
    const { signal } = this.#ending;
    const container = parseContainer(await askEngine(socketPath, `/containers/${id}/json`, signal));
    if (container === null) return;
    let status = this.#statuses.get(id);
    if (status === undefined) {
      status = createSourceStatus((observation) => this.#emit(observation), this.#sourceOf(container));
      this.#statuses.set(id, status);
    }
    const kept = this.#followed.get(id)?.position ?? this.#kept.get(id) ?? null;
    const followed = new FollowedContainer({ socketPath, container, emitter, status, kept, isBacklog });
    this.#followed.set(id, followed);
    await followed.follow(signal);
  }

  #sourceOf({ id, name }: Container) {
    const { host } = this.#options;
    return { host, id: `container ${id.slice(0, 12)}`, kind: 'container', label: name } as const;
  }

  #forget(id: string): void {
    this.#statuses.get(id)?.tell('waiting', 'The container was removed.');
    this.#statuses.delete(id);
    this.#followed.delete(id);
    this.#kept.delete(id);
  }
}
