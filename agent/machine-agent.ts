/** Observes the machine it runs on: its metrics and its logs, wired to an observation sink. */
import { createLogCollector } from '../collect/logs/log-collector.ts';
import { systemLogOf } from '../collect/logs/system/system-log-of.ts';
import type { Clock } from '../collect/metrics/clock.ts';
import { createCollector } from '../collect/metrics/machine-collector.ts';
import type { HostObserver, ObservationSink } from '../shared/observer.ts';
import { identifyHost } from './host-identity.ts';
import { LogProgress } from './log-progress.ts';
import { keepPositions, type KeptPositions } from './positions-file.ts';
import type { RedactionChoice } from './redacting-sink.ts';

export interface AgentOptions {
  /** What its hub calls this host; null: what the machine calls itself. Default null. */
  hostId?: string | null;
  /** Shown beside the host; the program's own version. */
  version: string;
  /** Keeps the host's id where the machine has none. Made when missing. */
  dataDir: string;
  /** What people call this machine; null: its host name. */
  name: string | null;
  /** Between two samples. */
  intervalMs: number;
  /** Between two process tables. */
  processesIntervalMs: number;
  logs: {
    /** Absolute paths and globs. */
    files: readonly string[];
    exclude: readonly string[];
    /** False: the systemd journal, or macOS's or Windows' own log, is left alone. */
    journal: boolean;
    /** Of the journal these systemd units alone. Default none: all. */
    units?: readonly string[];
    /** True: the containers of Docker or Podman, where there are any. Default false. */
    containers?: boolean;
    /** The engine's socket. Default null: where engines usually have it. */
    containerSocket?: string | null;
    /** What the lines of standard input are called; null, the default: it is left alone. */
    stdin?: string | null;
    /** Read at first from the end of a file that was not followed before. Default: the collector's own, some 16 KiB. */
    backlogBytes?: number;
    /** Least time between two reads of one file. Default: the collector's own, 10. */
    readPauseMs?: number;
  };
  /** What is taken out of all that is observed before anybody gets it. Default: nothing. */
  redact?: readonly RedactionChoice[];
  /** How far logs were read, over restarts. Default null: reading begins at the files' ends, with a little backlog. */
  progress?: LogProgress | null;
  /** True: that is kept in `dataDir`, by this observer itself, where no `progress` is given. Default false. */
  keepsPositions?: boolean;
  /** Default: the machine's own clocks. */
  clock?: Clock;
}

export function createMachineAgent(options: AgentOptions): HostObserver {
  return new MachineAgent(options);
}

class MachineAgent implements HostObserver {
  readonly #options: AgentOptions;
  /** Closed last to first. */
  readonly #open = new AsyncDisposableStack();

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  /** Logs begin after the first sample, so that a folder of a thousand logs never delays the first number. */
  async start(unredacted: ObservationSink): Promise<void> {
    const { redact = [] } = this.#options;
    // Imported only where it is wanted: most machines keep their lines to themselves.
    const sink =
      redact.length === 0
        ? unredacted
        : (await import('./redacting-sink.ts')).redactingSink(unredacted, redact);
    if (this.#open.disposed) return;
    const { hostId, version, intervalMs, processesIntervalMs, logs, clock } = this.#options;
    const own = await identifyHost(this.#options);
    const identity = { ...own, id: hostId ?? own.id };
    if (this.#open.disposed) return;
    const host = identity.id;

    const collector = this.#open.use(
      createCollector({ host, intervalMs, processesIntervalMs, ...(clock && { clock }) }),
    );
    const describe = async () => {
      const inventory = await collector.inventory();
      if (!this.#open.disposed) sink.describe({ ...identity, agentVersion: version, intervalMs, inventory });
    };
    await describe();
    if (this.#open.disposed) return;

    await collector.start((observation) => {
      sink.observe(observation);
      // A machine may wake in another network, with other memory or another kernel (hibernated, migrated).
      if (observation.name === 'gap' && observation.data.reason === 'asleep') void describe();
    });
    if (this.#open.disposed) return;

    let kept: KeptPositions | null = null;
    let progress = this.#options.progress ?? null;
    if (progress === null && this.#options.keepsPositions === true) {
      progress = new LogProgress();
      kept = await this.#keep(progress, host, sink);
    }
    if (this.#open.disposed) return;
    const { files, exclude, journal, units, containers, containerSocket, stdin } = logs;
    const { backlogBytes, readPauseMs } = logs;
    const logCollector = this.#open.use(
      createLogCollector({
        host,
        files,
        exclude,
        journal: journal ? 'auto' : 'off',
        ...(units !== undefined && { units }),
        systemLog: journal ? systemLogOf(process.platform) : null,
        containers: containers === true ? 'auto' : 'off',
        containerSocket: containerSocket ?? null,
        stdin: stdin == null ? null : { name: stdin, input: process.stdin },
        positions: progress?.positions ?? null,
        room: () => sink.room?.() ?? null,
        ...(backlogBytes !== undefined && { backlogBytes }),
        ...(readPauseMs !== undefined && { readPauseMs }),
      }),
    );
    progress?.follow(logCollector);
    // Not awaited: the first sample is there, and a backlog takes the time it takes. Trouble is told by observations.
    void logCollector.start((observation) => sink.observe(observation)).then(() => kept?.begun());
  }

  /** Closed after the collector, so that it ends with all that was read. */
  async #keep(progress: LogProgress, host: string, sink: ObservationSink): Promise<KeptPositions> {
    const { dataDir, logs } = this.#options;
    const keeping = sink.keeping ?? null;
    const kept = await keepPositions({ dataDir, progress, keeping, host, once: logs.stdin ?? null });
    if (this.#open.disposed) await kept[Symbol.asyncDispose]();
    else this.#open.use(kept);
    return kept;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open.disposeAsync();
  }
}
