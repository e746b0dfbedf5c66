/** All parts of sharing, put together. */
import type { StreamEvent } from '../../shared/events.ts';
import type { ReachBase } from '../../shared/schema/reach.ts';
import type { BadTokenLimiter } from '../access/bad-token-limiter.ts';
import type { Ender } from '../access/endings.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Audit } from '../audit/audit.ts';
import type { KnownHosts } from './open-share.ts';
import { Pointers } from './pointers.ts';
import { ShareEndpoint } from './share-endpoint.ts';
import { Shares } from './shares.ts';
import { ViewerEndpoint } from './viewer-endpoint.ts';
import { Viewers } from './viewers.ts';

export interface SharingParts {
  dataDir: string;
  registry: KnownHosts;
  sessions: Sessions;
  badTokens: BadTokenLimiter;
  endings: Ender;
  audit: Audit;
  publish: (event: StreamEvent) => void;
  /** Whether a stream or poll is open with this credential, from this address; null: from any. */
  isConnected: (credential: string, address: string | null) => boolean;
  base: () => ReachBase;
  /** Whether the hub's own authority issues the certificate of its network. */
  hasOwnAuthority: () => boolean;
  report: (trouble: Error) => void;
}

export interface OpenedShares {
  shares: Shares;
  viewers: Viewers;
  pointers: Pointers;
  ownerEndpoint: ShareEndpoint;
  viewerEndpoint: ViewerEndpoint;
}

export function openShares(parts: SharingParts): OpenedShares {
  const viewers = new Viewers(parts);
  const pointers = new Pointers(parts.publish);
  const shares = new Shares({
    ...parts,
    viewers,
    onForgotten: (share) => parts.sessions.endOfShare(share),
  });
  return {
    shares,
    viewers,
    pointers,
    ownerEndpoint: new ShareEndpoint({ ...parts, shares }),
    viewerEndpoint: new ViewerEndpoint({ ...parts, shares, viewers, pointers }),
  };
}
