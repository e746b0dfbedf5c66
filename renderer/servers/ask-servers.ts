/** What the page asks of the hub about servers. Each answers the hub's word, or a sentence to show. */
import { paths } from '../../shared/protocol.ts';
import type { HostChange } from '../../shared/schema/host-change.ts';
import {
  agentsAnswer,
  invitation,
  invitationAnswer,
  upstreamEntry,
  upstreamProbe,
  upstreamsAnswer,
  type AgentEntry,
  type Invitation,
  type InvitationAnswer,
  type UpstreamEntry,
  type UpstreamProbe,
  type UpstreamRequest,
} from '../../shared/schema/servers.ts';
import { askHub, type HubAnswer } from '../app/ask-hub.ts';

export function invite(wishes: {
  hubUrl: string | null;
  group: string | null;
}): Promise<HubAnswer<InvitationAnswer>> {
  return askHub(paths.invitations, invitationAnswer, { method: 'POST', body: wishes });
}

export function askInvitation(id: string, signal: AbortSignal): Promise<HubAnswer<Invitation>> {
  return askHub(`${paths.invitations}/${id}`, invitation, { signal });
}

export function withdrawInvitation(id: string): Promise<HubAnswer<unknown>> {
  return askHub(`${paths.invitations}/${id}`, null, { method: 'DELETE' });
}

export function listAgents(signal: AbortSignal): Promise<HubAnswer<{ agents: AgentEntry[] }>> {
  return askHub(paths.agents, agentsAnswer, { signal });
}

/** The agent is closed at once; its host stays here, offline. */
export function revokeAgent(host: string): Promise<HubAnswer<unknown>> {
  return askHub(`${paths.agents}/${encodeURIComponent(host)}`, null, { method: 'DELETE' });
}

/** Of a host that an agent brought: the agent is revoked as well. */
export function removeHost(host: string): Promise<HubAnswer<unknown>> {
  return askHub(`${paths.hosts}/${encodeURIComponent(host)}`, null, { method: 'DELETE' });
}

export function changeHost(host: string, change: HostChange): Promise<HubAnswer<unknown>> {
  return askHub(`${paths.hosts}/${encodeURIComponent(host)}`, null, { method: 'PATCH', body: change });
}

export function probeHub(url: string): Promise<HubAnswer<UpstreamProbe>> {
  return askHub(`${paths.upstreams}/probe`, upstreamProbe, { method: 'POST', body: { url } });
}

export function readHub(request: UpstreamRequest): Promise<HubAnswer<UpstreamEntry>> {
  return askHub(paths.upstreams, upstreamEntry, { method: 'POST', body: request });
}

export function listUpstreams(signal: AbortSignal): Promise<HubAnswer<{ upstreams: UpstreamEntry[] }>> {
  return askHub(paths.upstreams, upstreamsAnswer, { signal });
}

export function pauseUpstream(id: string, paused: boolean): Promise<HubAnswer<unknown>> {
  return askHub(`${paths.upstreams}/${id}`, null, { method: 'PATCH', body: { paused } });
}

export function forgetUpstream(id: string): Promise<HubAnswer<unknown>> {
  return askHub(`${paths.upstreams}/${id}`, null, { method: 'DELETE' });
}
