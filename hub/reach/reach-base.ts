/** "How is this hub reached?" has one answer, and everybody who writes a link asks here for it. */
import type { ReachBase } from '../../shared/schema/reach.ts';

export interface ReachBaseOf {
  /**
   * Where links lead to now: the public address, else the one on this machine's network, else loopback's, with a warning. Asked
   * anew for each link: it changes while the hub runs.
   */
  base(): ReachBase;
}
