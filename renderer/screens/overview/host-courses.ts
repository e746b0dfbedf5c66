/** What is shown of one host among several: its vital signs, its fullest disk, and when it was last heard of. */
import { computed, type ComputedRef } from 'vue';
import type { Tone } from '../../components/status.ts';
import type { Quantity } from '../../format/number.ts';
import { formatAge, formatMoment } from '../../format/time.ts';
import { bitRateQuantity, percentQuantity } from '../../format/units.ts';
import { messages } from '../../messages.ts';
import { limits, mountShares, type Condition, type MountShare } from '../../store/condition.ts';
import type { HostState } from '../../store/host-state.ts';
import type { Vitals } from './vitals.ts';

type CourseName = 'cpu' | 'memory' | 'network';

export interface Course {
  name: string;
  traces: { values: Float64Array; colour: `--${string}` }[];
  value: number | null;
  write: (value: number | null) => Quantity;
  max: number | null;
}

const words = messages.overview;

export function coursesOf({ now, cpu, memory, received, sent }: Vitals): Record<CourseName, Course> {
  const percent = { write: percentQuantity, max: 100 };
  return {
    cpu: { ...percent, name: words.cpu, traces: [{ values: cpu, colour: '--s1' }], value: now.cpu },
    memory: {
      ...percent,
      name: words.memory,
      traces: [{ values: memory, colour: '--s4' }],
      value: now.memory,
    },
    network: {
      name: words.network,
      traces: [
        { values: received, colour: '--s1' },
        { values: sent, colour: '--s2' },
      ],
      // Both directions together; the sparkline tells them apart.
      value: now.received === null || now.sent === null ? null : now.received + now.sent,
      write: bitRateQuantity,
      max: null,
    },
  };
}

export function useFullestDisk(
  read: () => { state: HostState; condition: Condition },
): ComputedRef<{ mount: MountShare | null; tone: Tone | undefined }> {
  return computed(() => {
    const { state, condition } = read();
    const mount = mountShares(state)[0] ?? null;
    const percent = mount?.percent ?? 0;
    if (condition.isStale) return { mount, tone: 'off' };
    return {
      mount,
      tone: percent > limits.diskCritical ? 'crit' : percent > limits.diskWarn ? 'warn' : undefined,
    };
  });
}

/** What to say under or beside a host: how old its values are, else what is wrong with it; '' for nothing. */
export function remarkOn({ host, latest }: HostState, condition: Condition, now: number): string {
  if (!condition.isStale) return condition.reasons.join('. ');
  const time = latest.sample?.time ?? host.value.lastSeen;
  const seen = time === null ? [] : [words.lastSeen(formatMoment(time, now), formatAge(now - time))];
  const trouble = host.value.uplink?.trouble;
  return [...(trouble ? [trouble.replace(/\.$/, '')] : []), ...seen, ...condition.alertReasons].join('. ');
}
