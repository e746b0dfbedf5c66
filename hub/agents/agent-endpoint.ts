/** The owner's addresses of agents: inviting one, watching an invitation, the list, revoking. */
import { invitationRequest, type AgentEntry, type InvitationAnswer } from '../../shared/schema/servers.ts';
import type { KeptLabelFile } from '../hosts/kept-label-file.ts';
import type { HostRegistry } from '../hosts/host-registry.ts';
import { answerJson, type Exchange } from '../http/exchange.ts';
import { readJsonBody } from '../http/json-body.ts';
import { notFound, ProblemError } from '../http/problem.ts';
import type { AgentState } from '../intake/intake.ts';
import type { PairedAgent } from '../../shared/schema/kept-hosts.ts';
import type { Agents } from './agents.ts';
import type { Invitations } from './invitations.ts';
import { keptOrRefused } from './kept-or-refused.ts';
import { agentAddress, agentLine } from '../reach/agent-address.ts';
import type { StandingReach } from '../reach/origins.ts';

const MAX_INVITATION_BODY_BYTES = 16 * 1024;

export interface AgentEndpointParts {
  agents: Agents;
  invitations: Invitations;
  labels: KeptLabelFile;
  registry: HostRegistry;
  /** What batches have told of an agent; null: it has sent none. */
  stateOf: (host: string) => AgentState | null;
  /** Asked once the hub listens. */
  standing: () => StandingReach;
}

export class AgentEndpoint {
  readonly #parts: AgentEndpointParts;

  constructor(parts: AgentEndpointParts) {
    this.#parts = parts;
  }

  /** `POST /api/v1/invitations` */
  async invite(exchange: Exchange): Promise<void> {
    const wishes = await readJsonBody(exchange.request, invitationRequest, MAX_INVITATION_BODY_BYTES);
    const { standing, invitations } = this.#parts;
    const address = agentAddress(standing(), wishes.hubUrl, {
      authority: exchange.authority,
      origin: exchange.request.headers.origin,
    });
    const { code, invitation } = invitations.create(wishes.group === '' ? null : wishes.group);
    const line = agentLine(address, code);
    const lines = { linux: line, macos: line, windows: line };
    answerJson(exchange, { ...invitation, code, ...address, lines } satisfies InvitationAnswer, 201);
  }

  /** `GET /api/v1/invitations/:id` */
  tellInvitation(exchange: Exchange): void {
    const invitation = this.#parts.invitations.stateOf(exchange.params['id'] ?? '');
    if (invitation === null) throw notFound();
    answerJson(exchange, invitation);
  }

  /** `DELETE /api/v1/invitations/:id` */
  withdraw(exchange: Exchange): void {
    if (!this.#parts.invitations.withdraw(exchange.params['id'] ?? '')) throw notFound();
    answerNothing(exchange);
  }

  /** `GET /api/v1/agents` */
  list(exchange: Exchange): void {
    answerJson(exchange, { agents: Array.from(this.#parts.agents.paired, (agent) => this.#entryOf(agent)) });
  }

  /** `DELETE /api/v1/agents/:host`. The host stays, offline, until it is removed or paired anew. */
  revoke(exchange: Exchange): void {
    const host = exchange.params['host'] ?? '';
    const { agents, labels, registry } = this.#parts;
    if (!agents.has(host)) throw unknownAgent(host);
    keptOrRefused('The agent is shut out until the hub is started again.', () => {
      agents.revoke(host);
      if (labels.of(host)?.paused) labels.change(host, { paused: false });
    });
    for (const status of ['pairing', 'paused', 'asleep', 'incompatible'] as const)
      registry.lift(host, status);
    registry.silence(host);
    registry.setUplink(host, {
      ...noUplink,
      trouble: 'Its agent was revoked: pair it anew, or remove the host.',
    });
    registry.checkStatuses(performance.now());
    answerNothing(exchange);
  }

  #entryOf({ host, name, pairedAt, version }: PairedAgent): AgentEntry {
    const known = this.#parts.stateOf(host) ?? unheard;
    const shown = this.#parts.registry.recordOf(host)?.host.name ?? this.#parts.labels.of(host)?.name ?? name;
    return { ...known, host, name: shown, pairedAt, version: known.version || version };
  }
}

const noUplink = { lagMs: null, skewMs: null, backfillPercent: null } as const;

const unheard: AgentState = {
  version: '',
  address: null,
  lastSeen: null,
  lagMs: null,
  skewMs: null,
  waiting: null,
  trouble: null,
};

function unknownAgent(host: string): ProblemError {
  return new ProblemError(
    404,
    'unknown-agent',
    `No agent of ${JSON.stringify(host.slice(0, 64))} is paired here.`,
    {
      remedy: 'Name it by the id of its host, as GET /api/v1/agents lists them.',
    },
  );
}

function answerNothing({ response }: Exchange): void {
  response.writeHead(204, { 'Cache-Control': 'no-store' }).end();
}
