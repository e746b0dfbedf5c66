/** Observes the machine it runs on: its metrics and its logs, wired to an observation sink. */
import { createLogCollector } from '../collect/logs/log-collector.ts';
import { createCollector } from '../collect/metrics/machine-collector.ts';
import type { HostObserver, ObservationSink } from '../shared/observer.ts';
import { identifyHost } from './host-identity.ts';

export interface AgentOptions {
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
    /** False: the systemd journal is left alone. */
    journal: boolean;
  };
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
  async start(sink: ObservationSink): Promise<void> {
    const { version, dataDir, intervalMs, processesIntervalMs, logs } = this.#options;
    const identity = await identifyHost(this.#options);
    const host = identity.id;

    const collector = this.#open.use(createCollector({ host, intervalMs, processesIntervalMs }));
    const inventory = await collector.inventory();
    if (this.#open.disposed) return;
    sink.describe({ ...identity, agentVersion: version, intervalMs, inventory });

    const firstSample = Promise.withResolvers<void>();
    // Disposed before the first sample: nobody is kept waiting for it.
    this.#open.defer(() => firstSample.resolve());
    await collector.start((observation) => {
      sink.observe(observation);
      if (observation.name === 'sample') firstSample.resolve();
    });
    await firstSample.promise;
    if (this.#open.disposed) return;

    const logCollector = this.#open.use(createLogCollector({ host, ...logs }));
    await logCollector.start((observation) => sink.observe(observation));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open.disposeAsync();
  }
}
