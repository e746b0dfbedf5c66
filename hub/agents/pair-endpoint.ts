/** `POST /api/v1/pair`: an agent brings a code and is given a token. Public: the code is the proof. */
import {
  anyPairRequest,
  pairRequest,
  UPLINK_PROTOCOL,
  uplinkProblems,
  type PairAnswer,
} from '../../shared/schema/uplink.ts';
import type { BadTokenLimiter } from '../access/bad-token-limiter.ts';
import { countBad } from '../access/door-problems.ts';
import type { Audit } from '../audit/audit.ts';
import type { KeptLabelFile } from '../hosts/kept-label-file.ts';
import { MAX_HOSTS, type HostRegistry } from '../hosts/host-registry.ts';
import { answerJson, type Exchange } from '../http/exchange.ts';
import { fitBody, readJsonBody } from '../http/json-body.ts';
import { ProblemError } from '../http/problem.ts';
import type { Agents } from './agents.ts';
import { freeHostId, nameBeside } from './free-host-id.ts';
import { keptOrRefused } from './kept-or-refused.ts';
import type { CodeFault, Invitations } from './invitations.ts';

/** The largest request there can be, written with every character escaped, fits. */
const MAX_PAIR_BODY_BYTES = 4 * 1024;

export interface PairEndpointParts {
  version: string;
  agents: Agents;
  invitations: Invitations;
  labels: KeptLabelFile;
  registry: HostRegistry;
  badTokens: BadTokenLimiter;
  audit: Audit;
  /** Whether a batch of the host's agent has come since the hub started. */
  isHeard: (host: string) => boolean;
}

export class PairEndpoint {
  readonly #parts: PairEndpointParts;
  readonly #startedAt = Date.now();

  constructor(parts: PairEndpointParts) {
    this.#parts = parts;
  }

  async pair(exchange: Exchange): Promise<void> {
    const body = await readJsonBody(exchange.request, anyPairRequest, MAX_PAIR_BODY_BYTES);
    // Before the code is looked at: an agent of another protocol does not use it up.
    this.#refuseOtherProtocol(body.protocol);
    const { code, host, agentVersion } = fitBody(body, pairRequest);
    const { agents, audit, invitations, labels, registry, version } = this.#parts;
    const proven = invitations.prove(code);
    if (proven.fault !== null) throw this.#codeProblem(proven.fault, exchange.address);
    const id = freeHostId(host.id, { ...this.#parts, startedAt: this.#startedAt, now: Date.now() });
    this.#refuseWhereFull(id);
    const token = keptOrRefused('Nothing was paired, and the code stays valid.', () => {
      const name = this.#nameFor(host, id);
      const change = {
        ...(proven.group !== null && { group: proven.group }),
        ...(name !== null && { name }),
      };
      if (Object.keys(change).length > 0) labels.change(id, change);
      return agents.pair({ host: id, name: host.name, version: agentVersion });
    });
    invitations.complete(proven.id, id);
    registry.relabel(id, labels.of(id));
    audit.record({
      kind: 'agent-paired',
      actor: { role: 'agent', name: id, address: exchange.address },
      subject: { id, name: host.name },
      details: { version: agentVersion },
    });
    answerJson(exchange, {
      protocol: UPLINK_PROTOCOL,
      host: id,
      token,
      hubVersion: version,
    } satisfies PairAnswer);
  }

  /** Null: what it calls itself, or the owner called it before, tells it from all others. */
  #nameFor({ id: wanted, name }: { id: string; name: string }, id: string): string | null {
    const { labels, registry } = this.#parts;
    if (labels.of(id)?.name != null) return null;
    const isAnothers = [...registry.hosts()].some((known) => known.id !== id && known.name === name);
    return isAnothers ? nameBeside(name, wanted, id) : null;
  }

  #refuseOtherProtocol(protocol: number): void {
    if (protocol === UPLINK_PROTOCOL) return;
    const older = protocol < UPLINK_PROTOCOL ? 'agent' : 'hub';
    throw new ProblemError(
      426,
      uplinkProblems.incompatible,
      `The agent speaks protocol ${protocol}, this hub (${this.#parts.version}) protocol ${UPLINK_PROTOCOL}.`,
      {
        remedy: `Install the newer version of Watchline on the machine of the ${older}. The code stays valid.`,
      },
    );
  }

  #refuseWhereFull(id: string): void {
    const { agents, registry } = this.#parts;
    if (agents.has(id)) return;
    if (!agents.isFull && (registry.size < MAX_HOSTS || registry.recordOf(id) !== null)) return;
    throw new ProblemError(
      503,
      uplinkProblems.hubFull,
      `This hub has ${MAX_HOSTS} hosts and takes no more.`,
      {
        remedy: 'Remove hosts that are gone, or use a second hub. The code stays valid.',
        isRetryable: true,
        headers: { 'Retry-After': '60' },
      },
    );
  }

  /** Every wrong code is a wrong secret of its address, whichever half is wrong. */
  #codeProblem(fault: CodeFault, address: string): ProblemError {
    const code = fault === 'expired' ? uplinkProblems.expiredCode : uplinkProblems.wrongCode;
    const { message, remedy } = codeFaults[fault];
    return (
      countBad(this.#parts.badTokens, address, 'then try a code again.') ??
      new ProblemError(403, code, message, { remedy })
    );
  }
}

const newCode =
  'Make a new one: "Add a server" on the dashboard, or "watchline invite" on the machine of the hub.';

const codeFaults: Record<CodeFault, { message: string; remedy: string }> = {
  unknown: { message: 'This hub has no such code.', remedy: `Check it for typing errors. ${newCode}` },
  wrong: { message: 'This hub has no such code.', remedy: `Check it for typing errors. ${newCode}` },
  expired: { message: 'The code is older than 15 minutes.', remedy: newCode },
  used: { message: 'The code was used already; each is good for one agent.', remedy: newCode },
  closed: { message: 'The code was withdrawn, or tried wrongly five times.', remedy: newCode },
};
