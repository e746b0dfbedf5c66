/** What an owner may change about a host. */
import * as z from 'zod/mini';

/** `PATCH /api/v1/hosts/:id`: what is left out stays. */
export const hostChange = z.strictObject({
  /** Null: the machine's own name again. */
  name: z.optional(z.nullable(z.string().check(z.trim(), z.minLength(1), z.maxLength(255)))),
  group: z.optional(z.nullable(z.string().check(z.trim(), z.minLength(1), z.maxLength(64)))),
  tags: z.optional(
    z.array(z.string().check(z.trim(), z.minLength(1), z.maxLength(64))).check(z.maxLength(32)),
  ),
  paused: z.optional(z.boolean()),
});
export type HostChange = z.infer<typeof hostChange>;
