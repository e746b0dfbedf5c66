/** Callers: who asks, as the door has found out. */
import type { ShareTold } from '../../shared/schema/stream.ts';
import type { OperatorScope } from '../../shared/schema/access.ts';
import type { Sight } from './sight.ts';

/**
 * `public`: no token is needed. `agent`: the token of a paired agent, and no other. `read`: whoever may see something, within its
 * sight: the owner, viewers of a share, operators with `read`. `publish`: the owner, and operators with `publish`: notes and markers.
 * `manage`: the owner, and operators with `manage`: hosts, agents, upstreams. `owner`: the owner alone: who else may come in.
 */
export type Access = 'public' | 'agent' | 'read' | 'publish' | 'manage' | 'owner';

/**
 * What an answer shows: `nothing` of the hub's hosts, or no more than the caller has said itself; `sight`: the handler narrows it by the
 * caller's sight; `hub`: it cannot be narrowed, so that who sees a part of the hub is refused.
 */
export type Shows = 'nothing' | 'sight' | 'hub';

/** `credential` names the token or session without revealing it; limits, endings and the audit log go by it. */
export interface OwnerCaller {
  role: 'owner';
  /** "owner", or "session:<id>". */
  credential: string;
  sight: Sight;
}

export interface OperatorCaller {
  role: 'operator';
  /** "token:<id>" */
  credential: string;
  /** As its owner called the token. */
  name: string;
  scopes: readonly OperatorScope[];
  sight: Sight;
}

export interface ViewerCaller {
  role: 'viewer';
  /** "share:<id>:<session>"; "share:<id>" for a tool with the share's bearer token. */
  credential: string;
  /** Id of the share. */
  share: string;
  /** Id of its session; null for a tool. */
  session: string | null;
  /** What it is told about the share. */
  told: ShareTold;
  sight: Sight;
}

export interface AgentCaller {
  role: 'agent';
  credential: string;
  /** Id of the one host it may speak for. */
  host: string;
}

/** Who may see something. */
export type Reader = OwnerCaller | OperatorCaller | ViewerCaller;
export type Caller = Reader | AgentCaller;

/** Whether a credential is one of this share: its token, or a session that was opened with it. */
export function isOfShare(credential: string, share: string): boolean {
  return credential === `share:${share}` || credential.startsWith(`share:${share}:`);
}
