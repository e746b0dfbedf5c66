/** `authority.json` in a hub's data folder: its own authority, and what that may vouch for. */
import * as z from 'zod';

export const keptAuthority = z.object({
  /** PEM. */
  certificate: z.string().max(16_384),
  /** PEM, PKCS #8. */
  key: z.string().max(16_384),
  /** With all below them. */
  domains: z.array(z.string().max(255)).max(128),
  /** In CIDR. */
  ranges: z.array(z.union([z.cidrv4(), z.cidrv6()])).max(128),
});
export type KeptAuthority = z.infer<typeof keptAuthority>;
