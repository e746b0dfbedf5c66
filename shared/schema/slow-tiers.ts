/** What changes slowly and is read every few seconds: filesystems and sensors. */
import * as z from 'zod/mini';
import { hostId } from './host-id.ts';

const amount = z.number().check(z.minimum(0));

export const filesystems = z.object({
  host: hostId,
  time: z.int(),
  mounts: z
    .array(
      z.object({
        mount: z.string().check(z.maxLength(4096)),
        device: z.string().check(z.maxLength(4096)),
        type: z.string().check(z.maxLength(64)),
        totalBytes: amount,
        /** As `df` counts: total - free, reserved blocks included in total. */
        usedBytes: amount,
        /** What an unprivileged program may still write. */
        availableBytes: amount,
        /** Null where the filesystem makes inodes as it needs them. */
        inodesTotal: z.nullable(amount),
        inodesUsed: z.nullable(amount),
        isReadOnly: z.boolean(),
      }),
    )
    .check(z.maxLength(512)),
});
export type Filesystems = z.infer<typeof filesystems>;

export const sensors = z.object({
  host: hostId,
  time: z.int(),
  temperatures: z
    .array(
      z.object({
        label: z.string().check(z.maxLength(128)),
        celsius: z.number(),
        criticalCelsius: z.nullable(z.number()),
      }),
    )
    .check(z.maxLength(512)),
  fans: z.array(z.object({ label: z.string().check(z.maxLength(128)), rpm: amount })).check(z.maxLength(128)),
  battery: z.nullable(
    z.object({
      percent: z.number().check(z.minimum(0), z.maximum(100)),
      isCharging: z.boolean(),
      /** Until empty, or until full while charging. */
      secondsRemaining: z.nullable(amount),
    }),
  ),
});
export type Sensors = z.infer<typeof sensors>;
