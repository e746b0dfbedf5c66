/** The texts of alerts, wherever they are shown. */
import type { AlertLevel, AlertMeasure } from '../../shared/schema/alerts.ts';
import { counted } from '../messages.ts';

export const alertMessages = {
  measures: {
    cpu: 'CPU',
    memory: 'Memory',
    disk: 'Disk',
    offline: 'Offline',
  } satisfies Record<AlertMeasure, string>,
  levels: { warn: 'Warning', crit: 'Critical' } satisfies Record<AlertLevel, string>,
  /** While it fires. `amount`: the greatest that was measured, "97.2 %"; `limit`: that it fires above. */
  fires: {
    cpu: (amount: string, limit: string) => `CPU ${amount} busy (over ${limit})`,
    memory: (amount: string, limit: string) => `Memory ${amount} (over ${limit})`,
    disk: (amount: string, limit: string, mount: string) => `Disk ${mount} ${amount} full (over ${limit})`,
    offline: () => 'Offline',
  } satisfies HeadWords,
  /** Once it has ended. */
  fired: {
    cpu: (amount: string, limit: string) => `CPU was over ${limit} busy (up to ${amount})`,
    memory: (amount: string, limit: string) => `Memory was over ${limit} (up to ${amount})`,
    disk: (amount: string, limit: string, mount: string) =>
      `Disk ${mount} was over ${limit} full (up to ${amount})`,
    offline: () => 'Was offline',
  } satisfies HeadWords,
  forSoLong: (duration: string) => `for ${duration}`,
  until: (clock: string) => `until ${clock}`,
  /** The rule was disarmed, or what it was about is gone. */
  dropped: (clock: string) => `watched until ${clock}`,
  acknowledged: 'acknowledged',
  /** Of a chart. */
  inWindow: (count: number) => `${counted(count, 'alert', 'alerts')} in this window`,
  /** Beside the line at the amount that a rule fires above. */
  above: (limit: string) => `above ${limit}`,
  /** At the bar of a mount: "over 90 % for 6 min". */
  over: (limit: string) => `Over ${limit}`,
  /** Beside those that are told. */
  others: (count: number) => counted(count, 'more alert', 'more alerts'),
} as const;

type HeadWords = Record<AlertMeasure, (amount: string, limit: string, mount: string) => string>;
