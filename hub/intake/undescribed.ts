/** A host that has not said what it is, or whose description was lost with the hub's disk: nothing is made up. */
import type { ObservedHost } from '../../shared/observer.ts';
import { DEFAULT_INTERVAL_MS } from '../../shared/protocol.ts';

export function undescribed(id: string, agentVersion: string): ObservedHost {
  return {
    id,
    name: id,
    agentVersion,
    intervalMs: DEFAULT_INTERVAL_MS,
    inventory: {
      platform: '',
      os: '',
      kernel: '',
      architecture: '',
      cpuModel: null,
      coreCount: 1,
      memoryBytes: 0,
      virtualisation: null,
      bootTime: 0,
      interfaces: [],
    },
  };
}
