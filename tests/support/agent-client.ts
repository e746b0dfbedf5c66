/** An agent's half of pairing, by hand: what `watchline agent` asks a hub, and what an owner asks about it. */
import {
  agentsAnswer,
  invitationAnswer,
  type AgentEntry,
  type InvitationAnswer,
} from '../../shared/schema/servers.ts';
import { pairAnswer, UPLINK_PROTOCOL, type PairAnswer } from '../../shared/schema/uplink.ts';
import type { RunningHub } from '../../hub/start-hub.ts';
import { strict } from './strict.ts';

type Hub = Pick<RunningHub, 'origin' | 'ownerToken'>;

/**
 * Any request with the owner's token; `body` goes out as JSON. By another name than the agents' requests, because `fetch` shares
 * connections by it: a revoked agent's are cut, and the owner's answer must not be on one of them.
 */
export function askAsOwner(hub: Hub, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(hub.origin.replace('127.0.0.1', 'localhost') + path, {
    method,
    headers: {
      Authorization: `Bearer ${hub.ownerToken}`,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

export async function invite(hub: Hub, wishes: object = {}): Promise<InvitationAnswer> {
  const response = await askAsOwner(hub, 'POST', '/api/v1/invitations', wishes);
  return strict(invitationAnswer).parse(await response.json());
}

export interface PairWishes {
  code: string;
  id?: string;
  name?: string;
  protocol?: number;
}

export function askToPair(hub: Pick<Hub, 'origin'>, wishes: PairWishes): Promise<Response> {
  const { code, id = 'web-1', name = 'web-1.example.net', protocol = UPLINK_PROTOCOL } = wishes;
  return fetch(`${hub.origin}/api/v1/pair`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ protocol, code, host: { id, name }, agentVersion: '0.1.0' }),
  });
}

/** Invites and pairs. Throws where the hub refuses. */
export async function pairAgent(hub: Hub, wishes: Omit<PairWishes, 'code'> = {}): Promise<PairAnswer> {
  const { code } = await invite(hub);
  const response = await askToPair(hub, { ...wishes, code });
  return strict(pairAnswer).parse(await response.json());
}

export async function listAgents(hub: Hub): Promise<AgentEntry[]> {
  const response = await askAsOwner(hub, 'GET', '/api/v1/agents');
  return agentsAnswer.parse(await response.json()).agents;
}
