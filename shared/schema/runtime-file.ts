/** The runtime file `hub.json` in a hub's data folder: where that hub runs, for programs of the same user. */
import * as z from 'zod/mini';

export const RUNTIME_FILE_NAME = 'hub.json';

export const runtimeFile = z.object({
  /** Where the hub answers: "http://127.0.0.1:7400". */
  url: z.url(),
  /** The owner's token, for `Authorization: Bearer`. */
  token: z.string().check(z.minLength(1)),
  pid: z.int().check(z.minimum(1)),
  /** PEM file of the certificate the hub shows: trust it, and no other, at this address. Null: plain HTTP. */
  certificateFile: z._default(z.nullable(z.string()), null),
});
export type RuntimeFile = z.infer<typeof runtimeFile>;
