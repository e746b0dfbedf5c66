/** A host whose every text carries a mark, so that a search for the mark finds whatever of it got out. */
import type { Observation } from '../../shared/events.ts';
import type { ObservedHost } from '../../shared/observer.ts';
import {
  filesystemsOf,
  logLineOf,
  logSourceOf,
  observedHost,
  processesOf,
  sampleOf,
  sensorsOf,
} from './observations.ts';

/** `mark`: lower-case letters and digits. The host's id is "srv-<mark>". */
export function markedHost(mark: string, agentVersion = '0.1.0'): ObservedHost {
  const { inventory } = observedHost();
  return observedHost(`srv-${mark}`, {
    name: `srv-${mark}.example.net`,
    agentVersion,
    inventory: {
      ...inventory,
      os: `os ${mark}`,
      kernel: `kernel ${mark}`,
      cpuModel: `cpu ${mark}`,
      interfaces: [
        { interface: `eth-${mark}`, addresses: [`${mark}.local`], mac: mark, speedBitsPerSecond: null },
      ],
    },
  });
}

/** One observation of every kind, of this moment. */
export function markedObservations(mark: string, index = 0): Observation[] {
  const host = `srv-${mark}`;
  const time = Date.now();
  const { disks, interfaces, ...sample } = sampleOf(host, index, { time });
  const [row] = processesOf(host).rows;
  const [mount] = filesystemsOf(host).mounts;
  return [
    {
      name: 'sample',
      data: {
        ...sample,
        disks: disks.map((disk) => ({ ...disk, device: `disk-${mark}` })),
        interfaces: interfaces.map((each) => ({ ...each, interface: `eth-${mark}` })),
      },
    },
    {
      name: 'processes',
      data: {
        ...processesOf(host),
        time,
        total: index,
        rows: [
          {
            ...row!,
            name: `run-${mark}`,
            command: `/bin/run-${mark} --host srv-${mark}`,
            user: `user-${mark}`,
          },
        ],
      },
    },
    {
      name: 'filesystems',
      data: {
        ...filesystemsOf(host),
        time,
        mounts: [{ ...mount!, mount: `/mnt/${mark}`, device: `/dev/${mark}` }],
      },
    },
    {
      name: 'sensors',
      data: {
        ...sensorsOf(host),
        time,
        temperatures: [{ label: `core ${mark}`, celsius: 40, criticalCelsius: null }],
      },
    },
    {
      name: 'source',
      data: logSourceOf(host, { id: `/var/log/${mark}.log`, label: `${mark}.log`, since: time }),
    },
    {
      name: 'gap',
      data: { host, channel: 'logs', reason: 'source-overflow', from: time - 1_000, to: time, count: 3 },
    },
    {
      name: 'log',
      data: logLineOf(host, index, {
        time,
        source: `${mark}.log`,
        text: `line ${mark} ${index} on srv-${mark}`,
        fields: { [`key-${mark}`]: mark },
      }),
    },
  ];
}
