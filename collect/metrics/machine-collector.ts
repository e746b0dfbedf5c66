/** Measures this machine: the room's front door for metrics. */
import type { Observation } from '../../shared/events.ts';
import type { Inventory } from '../../shared/schema/host.ts';
import { systemClock, type Clock } from './clock.ts';
import { CollectingLoop } from './collecting-loop.ts';
import { LinuxMachine } from './linux/linux-machine.ts';
import { PortableMachine } from './portable/portable-machine.ts';

export interface CollectorOptions {
  /** Host id, put in every observation. */
  host: string;
  /** Milliseconds between two samples. Default 1000. */
  intervalMs?: number;
  /** Milliseconds between two process tables. Default 2000; null: none is made. */
  processesIntervalMs?: number | null;
  /** Default 10000. */
  filesystemsIntervalMs?: number;
  /** Default 5000. */
  sensorsIntervalMs?: number;
  /** Linux: the folder that holds proc/, sys/ and etc/. Default "/". */
  root?: string;
  /** Default: the machine's own clocks. */
  clock?: Clock;
}

export interface MachineCollector extends AsyncDisposable {
  /** What the machine is made of; read anew with every call. */
  inventory(): Promise<Inventory>;
  /**
   * Emits `sample`, `processes`, `filesystems`, `sensors`, and a `gap` when the machine had slept, until
   * disposed. Resolves after the first sample, which is real: two readings 250 ms apart. Called once.
   */
  start(emit: (observation: Observation) => void): Promise<void>;
}

/** Linux is read from /proc and /sys directly, anything else through systeminformation. */
export function createCollector(options: CollectorOptions): MachineCollector {
  const source =
    process.platform === 'linux' ? new LinuxMachine({ root: options.root ?? '/' }) : new PortableMachine();
  return new CollectingLoop({
    host: options.host,
    intervalMs: options.intervalMs ?? 1_000,
    processesIntervalMs: options.processesIntervalMs === undefined ? 2_000 : options.processesIntervalMs,
    filesystemsIntervalMs: options.filesystemsIntervalMs ?? 10_000,
    sensorsIntervalMs: options.sensorsIntervalMs ?? 5_000,
    clock: options.clock ?? systemClock,
    source,
  });
}
