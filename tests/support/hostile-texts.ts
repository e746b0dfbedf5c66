/**
 * Text that wants to be more than text, in every place where a peer chooses one: an agent, a process, a file, a script, a viewer. If
 * any of it runs, the page's tripwire goes off; if any of it is obeyed, it is not seen.
 */
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

/** Runs where a text becomes markup. Short, because names are. */
export const trap = '<img src=x onerror=trip()>';

/** Escape, C1, right-to-left override, zero width: each would change what a person sees. */
export const unseen = '\u001b[31m\u009d\u202e\u200b';

/** In an element, in an attribute, in a template, in a URL. */
export const traps = [
  trap,
  '"><svg/onload=trip()>',
  "'><script>trip()</script>",
  '{{ constructor.constructor("trip()")() }}',
  'javascript:trip()',
  '</style><style>*{display:none}</style>',
] as const;

const short = `${trap}\u202e\u200b`;
const long = `${unseen}${traps.join(' ')}`;

/** A host whose every text is hostile. Its id is as hostile as ids may be. */
export function hostileHost(id = 'h-1..-_'): ObservedHost {
  return observedHost(id, {
    name: `host ${long}`.slice(0, 255),
    agentVersion: `1 ${short}`,
    inventory: {
      platform: short.slice(0, 32),
      os: `os ${long}`.slice(0, 256),
      kernel: `kernel ${long}`.slice(0, 256),
      architecture: short.slice(0, 32),
      cpuModel: `cpu ${long}`.slice(0, 256),
      coreCount: 2,
      memoryBytes: 4 * 2 ** 30,
      virtualisation: short,
      bootTime: Date.now() - 1_000,
      interfaces: [
        { interface: short, addresses: [short], mac: short.slice(0, 32), speedBitsPerSecond: 1e9 },
      ],
    },
  });
}

/** Everything such a host says of itself, as of now. */
export function hostileObservations(host: string): Observation[] {
  const time = Date.now();
  const { disks, interfaces, ...sample } = sampleOf(host, 1, { time });
  const [row] = processesOf(host).rows;
  const [mount] = filesystemsOf(host).mounts;
  const path = `/var/log/${long}`;
  return [
    {
      name: 'sample',
      data: {
        ...sample,
        disks: disks.map((disk) => ({ ...disk, device: short })),
        interfaces: interfaces.map((each) => ({ ...each, interface: short })),
      },
    },
    {
      name: 'processes',
      data: {
        ...processesOf(host),
        time,
        rows: [
          {
            ...row!,
            name: `p ${long}`.slice(0, 256),
            command: `c ${long}`,
            user: `u ${long}`.slice(0, 256),
            state: '<b>\u202e',
          },
        ],
      },
    },
    {
      name: 'filesystems',
      data: {
        ...filesystemsOf(host),
        time,
        // Nearly full, so that it is spoken of in more places.
        mounts: [
          {
            ...mount!,
            mount: `/${long}`,
            device: `/dev/${long}`,
            type: short,
            availableBytes: 0,
            usedBytes: 2 ** 40,
          },
        ],
      },
    },
    {
      name: 'sensors',
      data: {
        ...sensorsOf(host),
        time,
        temperatures: [{ label: `t ${short}`, celsius: 120, criticalCelsius: 100 }],
        fans: [{ label: `f ${short}`, rpm: 1 }],
      },
    },
    {
      name: 'source',
      data: logSourceOf(host, {
        id: path,
        label: `l ${long}`.slice(0, 255),
        state: 'denied',
        reason: `because ${long}`,
      }),
    },
    ...traps.map((text, index) => ({
      name: 'log' as const,
      data: logLineOf(host, index, {
        time: time + index,
        level: 'error',
        source: `l ${long}`.slice(0, 255),
        text: `${unseen} ${text}`,
        fields: { [`key ${short}`]: long, link: 'javascript:trip()' },
      }),
    })),
  ];
}
