/** The containers of one engine whose logs are read: which of them run, and how far each was read. */
import type { LineEmitter } from '../line-emitter.ts';
import type { Emit } from '../log-source-reader.ts';
import { createSourceStatus, type SourceStatus } from '../source-status.ts';
import { parseContainer, type Container } from './container.ts';
import { askEngine, EngineAnswerError } from './engine-socket.ts';
import { FollowedContainer, type Beginning } from './followed-container.ts';
import type { KeptContainer } from './kept-container.ts';

/** Containers followed at once. */
const MAX_CONTAINERS = 256;

export interface FollowedContainersOptions {
  host: string;
  socketPath: string;
  emitter: LineEmitter;
  emit: Emit;
  /** Where an earlier start of this program got to. */
  kept: readonly KeptContainer[];
  /** Ends all that is asked of the engine. */
  signal: AbortSignal;
  /** More run than are followed at once. */
  onTooMany: (reason: string) => void;
}

export class FollowedContainers implements AsyncDisposable {
  readonly #options: FollowedContainersOptions;
  readonly #followed = new Map<string, FollowedContainer>();
  /** By container. */
  readonly #statuses = new Map<string, SourceStatus>();
  /** Of those that were not followed since this start. */
  readonly #kept: Map<string, KeptContainer>;
  readonly #running = new Map<string, Promise<void>>();
  /** Started again before the log of their last life was read to its end. */
  readonly #startedAgain = new Map<string, Beginning>();
  /** Ended while nobody followed them; the rest of their logs is still to be read. */
  readonly #ended = new Set<string>();
  /** The one of those that is being read. */
  #finishingId: string | null = null;
  #finishing: Promise<void> | null = null;

  constructor(options: FollowedContainersOptions) {
    this.#options = options;
    this.#kept = new Map(options.kept.map((each) => [each.id, each]));
  }

  /** Of containers that were read, by now or by an earlier start. */
  get positions(): KeptContainer[] {
    const ids = new Set([...this.#kept.keys(), ...this.#followed.keys()]);
    return [...ids].flatMap((id) => this.#position(id) ?? []);
  }

  /** The engine answered: these run, and no others. */
  look(running: readonly string[], isBacklog: boolean): void {
    for (const id of running) this.begin(id, isBacklog ? 'newest' : 'life');
    for (const { id } of this.positions) if (!running.includes(id)) this.#ended.add(id);
    this.#finishing ??= this.#finishAll().finally(() => {
      this.#finishing = null;
    });
  }

  /** It runs. */
  begin(id: string, beginning: Beginning): void {
    if (this.#options.signal.aborted) return;
    if (this.#running.has(id) || this.#finishingId === id) {
      if (!this.#startedAgain.has(id)) this.#startedAgain.set(id, beginning);
      return;
    }
    if (this.#running.size >= MAX_CONTAINERS) {
      this.#options.onTooMany(
        `More than ${MAX_CONTAINERS} containers run; the logs of the others are left out.`,
      );
      return;
    }
    const run = this.#run(id, beginning)
      // The engine is gone; its next list begins this one anew.
      .catch(() =>
        this.#statuses
          .get(id)
          ?.tell('waiting', 'The container engine is away; following goes on when it is back.'),
      )
      .finally(() => {
        this.#running.delete(id);
        this.#beginAgain(id);
      });
    this.#running.set(id, run);
  }

  /** It was removed. */
  forget(id: string): void {
    this.#statuses.get(id)?.tell('waiting', 'The container was removed.');
    this.#statuses.delete(id);
    this.#followed.delete(id);
    this.#kept.delete(id);
  }

  /** To be called when the signal is aborted. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#finishing;
    await Promise.all(this.#running.values());
  }

  #position(id: string): KeptContainer | null {
    return this.#followed.get(id)?.position ?? this.#kept.get(id) ?? null;
  }

  #beginAgain(id: string): void {
    const beginning = this.#startedAgain.get(id);
    if (this.#startedAgain.delete(id)) this.begin(id, beginning!);
  }

  async #run(id: string, beginning: Beginning): Promise<void> {
    const { signal, emit } = this.#options;
    const container = await this.#inspect(id);
    if (container === null) return;
    let status = this.#statuses.get(id);
    if (status === undefined) {
      status = createSourceStatus(emit, this.#sourceOf(container));
      this.#statuses.set(id, status);
    }
    const follower = this.#follower(container, status, beginning);
    // One that has ended by now is not followed, and no stream has to be trusted.
    await (container.isRunning ? follower.follow(signal) : follower.readRest(signal));
  }

  /** One after the other: there may be hundreds. Those that a next look adds meanwhile are read as well. */
  async #finishAll(): Promise<void> {
    for (const id of this.#ended) {
      this.#ended.delete(id);
      if (this.#options.signal.aborted) return;
      if (this.#running.has(id)) continue;
      this.#finishingId = id;
      await this.#finish(id);
      this.#finishingId = null;
      this.#beginAgain(id);
    }
  }

  async #finish(id: string): Promise<void> {
    try {
      const container = await this.#inspect(id);
      if (container === null || this.#position(id) === null) return;
      // It is not listed as a source, unless it ran since this start.
      const status = this.#statuses.get(id) ?? createSourceStatus(() => {}, this.#sourceOf(container));
      await this.#follower(container, status, 'life').readRest(this.#options.signal);
      this.#leaveList(id);
    } catch (error) {
      // Removed meanwhile. Where the engine is gone, the next look tries again.
      if (!(error instanceof EngineAnswerError && error.status === 404)) return;
      this.#leaveList(id);
      this.forget(id);
    }
  }

  /** The hub may know it from an earlier start of this program, as one that is followed. */
  #leaveList(id: string): void {
    if (this.#statuses.has(id)) return;
    const { host, emit } = this.#options;
    const source = { ...sourceNamed(host, id, id.slice(0, 12)), state: 'waiting', reason: null } as const;
    emit({ name: 'source', data: { ...source, since: Date.now(), gone: true } });
  }

  async #inspect(id: string): Promise<Container | null> {
    const { socketPath, signal } = this.#options;
    return parseContainer(await askEngine(socketPath, `/containers/${id}/json`, signal));
  }

  /** Goes on where the container was read up to. */
  #follower(container: Container, status: SourceStatus, beginning: Beginning): FollowedContainer {
    const { socketPath, emitter } = this.#options;
    const kept = this.#position(container.id);
    const follower = new FollowedContainer({ socketPath, container, emitter, status, kept, beginning });
    this.#followed.set(container.id, follower);
    return follower;
  }

  #sourceOf({ id, name }: Container) {
    return sourceNamed(this.#options.host, id, name);
  }
}

function sourceNamed(host: string, id: string, label: string) {
  return { host, id: `container ${id.slice(0, 12)}`, kind: 'container', label } as const;
}
