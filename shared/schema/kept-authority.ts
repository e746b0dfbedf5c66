/** `authority.json` in a hub's data folder: its own authority, and what that may vouch for. */
import * as z from 'zod/mini';

export const keptAuthority = z.object({
  /** PEM. */
  certificate: z.string().check(z.maxLength(16_384)),
  /** PEM, PKCS #8. */
  key: z.string().check(z.maxLength(16_384)),
  /** With all below them. */
  domains: z.array(z.string().check(z.maxLength(255))).check(z.maxLength(128)),
  /** In CIDR. */
  ranges: z.array(z.union([z.cidrv4(), z.cidrv6()])).check(z.maxLength(128)),
});
export type KeptAuthority = z.infer<typeof keptAuthority>;
