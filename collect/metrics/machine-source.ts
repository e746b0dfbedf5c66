/** The port between the collecting loop and a platform: what can be read of a machine. */
import type { Inventory } from '../../shared/schema/host.ts';
import type { ProcessRow } from '../../shared/schema/processes.ts';
import type { Filesystems, Sensors } from '../../shared/schema/slow-tiers.ts';
import type { CounterBits } from './rates.ts';
import type { Reading } from './reading.ts';
import type { Instant } from './sample-rates.ts';

export interface ProcessTable {
  /** Time since the table before, which the rates stand for. */
  intervalMs: number;
  total: number;
  running: number;
  rows: ProcessRow[];
}

/** None of these throws because something cannot be read: that value is then absent. */
export interface MachineSource extends AsyncDisposable {
  readonly wordBits: CounterBits;
  inventory(): Promise<Inventory>;
  read(instant: Instant): Reading | Promise<Reading>;
  /** Null for the first call, which has nothing to compare with, and where there is no process list. */
  processes(instant: Instant): ProcessTable | null | Promise<ProcessTable | null>;
  filesystems(): Promise<Filesystems['mounts']>;
  sensors(): Promise<Omit<Sensors, 'host' | 'time'>>;
}
