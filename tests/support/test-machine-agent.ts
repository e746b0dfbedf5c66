/** The real agent of the machine the test runs on, without logs. */
import { createMachineAgent } from '../../agent/machine-agent.ts';
import type { HostObserver } from '../../shared/observer.ts';

export function testMachineAgent(dataDir: string, name = 'this-machine'): HostObserver {
  return createMachineAgent({
    version: '0.0.0-test',
    dataDir,
    name,
    intervalMs: 1_000,
    processesIntervalMs: 2_000,
    logs: { files: [], exclude: [], journal: false },
  });
}
