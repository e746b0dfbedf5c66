/** What changes slowly and is read every few seconds: filesystems and sensors. */
import * as z from 'zod';
import { hostId } from './host.ts';

const amount = z.number().min(0);

export const filesystems = z.object({
  host: hostId,
  time: z.int(),
  mounts: z
    .array(
      z.object({
        mount: z.string().max(4096),
        device: z.string().max(4096),
        type: z.string().max(64),
        totalBytes: amount,
        /** As `df` counts: total - free, reserved blocks included in total. */
        usedBytes: amount,
        /** What an unprivileged program may still write. */
        availableBytes: amount,
        /** Null where the filesystem makes inodes as it needs them. */
        inodesTotal: amount.nullable(),
        inodesUsed: amount.nullable(),
        isReadOnly: z.boolean(),
      }),
    )
    .max(512),
});
export type Filesystems = z.infer<typeof filesystems>;

export const sensors = z.object({
  host: hostId,
  time: z.int(),
  temperatures: z
    .array(
      z.object({ label: z.string().max(128), celsius: z.number(), criticalCelsius: z.number().nullable() }),
    )
    .max(512),
  fans: z.array(z.object({ label: z.string().max(128), rpm: amount })).max(128),
  battery: z
    .object({
      percent: z.number().min(0).max(100),
      isCharging: z.boolean(),
      /** Until empty, or until full while charging. */
      secondsRemaining: amount.nullable(),
    })
    .nullable(),
});
export type Sensors = z.infer<typeof sensors>;
