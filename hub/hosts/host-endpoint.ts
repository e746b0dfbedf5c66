/** `PATCH` and `DELETE /api/v1/hosts/:id`: what the owner says about a host, and letting go of one. */
import { hostChange } from '../../shared/schema/host-change.ts';
import type { Agents } from '../agents/agents.ts';
import { keptOrRefused } from '../agents/kept-or-refused.ts';
import { answerJson, type Exchange } from '../http/exchange.ts';
import { readJsonBody } from '../http/json-body.ts';
import { ProblemError } from '../http/problem.ts';
import type { HostRecord } from './host-record.ts';
import type { HostRegistry } from './host-registry.ts';
import type { KeptLabelFile } from './kept-label-file.ts';

/** Name, group and 32 tags, with every character escaped, fit. */
const MAX_CHANGE_BYTES = 64 * 1024;

export interface HostEndpointParts {
  registry: HostRegistry;
  labels: KeptLabelFile;
  agents: Pick<Agents, 'revoke'>;
}

export class HostEndpoint {
  readonly #parts: HostEndpointParts;

  constructor(parts: HostEndpointParts) {
    this.#parts = parts;
  }

  async change(exchange: Exchange): Promise<void> {
    const { registry, labels } = this.#parts;
    const change = await readJsonBody(exchange.request, hostChange, MAX_CHANGE_BYTES);
    const { host } = this.#recordAt(exchange);
    if (change.paused && host.origin !== 'agent') throw notPausable(host.name);
    const kept = keptOrRefused('Nothing was changed.', () => labels.change(host.id, change));
    registry.relabel(host.id, kept);
    if (change.paused === true) registry.hold(host.id, 'paused');
    if (change.paused === false) registry.lift(host.id, 'paused');
    answerJson(exchange, registry.recordOf(host.id)!.host);
  }

  /** Of an agent's host the token is revoked as well: it would be back with its next batch. */
  forget(exchange: Exchange): void {
    const { registry, labels, agents } = this.#parts;
    const { host } = this.#recordAt(exchange);
    if (host.origin !== 'agent') throw notRemovable(host.name, host.origin);
    keptOrRefused('The host may be back when the hub is started again.', () => {
      agents.revoke(host.id);
      labels.forget(host.id);
    });
    registry.forget(host.id);
    exchange.response.writeHead(204, { 'Cache-Control': 'no-store' }).end();
  }

  #recordAt({ params }: Exchange): HostRecord {
    const id = params['id'] ?? '';
    const record = this.#parts.registry.recordOf(id);
    if (record) return record;
    throw new ProblemError(
      404,
      'unknown-host',
      `This hub knows no host ${JSON.stringify(id.slice(0, 64))}.`,
      {
        remedy: 'Name a host by its id, as GET /api/v1/hosts lists them.',
      },
    );
  }
}

function notPausable(name: string): ProblemError {
  return new ProblemError(409, 'not-pausable', `${name} has no agent of its own that could be paused.`, {
    remedy: 'Only hosts whose agents send to this hub can be paused here.',
  });
}

function notRemovable(name: string, origin: 'local' | 'upstream' | 'exporter'): ProblemError {
  if (origin === 'exporter') {
    return new ProblemError(409, 'exporter-host', `${name} is asked of a node_exporter.`, {
      remedy: 'Remove that exporter; its host goes with it.',
    });
  }
  if (origin === 'local') {
    return new ProblemError(
      409,
      'local-host',
      `${name} is the machine of this hub, which always watches it.`,
      {
        remedy: 'Only hosts of agents can be removed here.',
      },
    );
  }
  return new ProblemError(409, 'upstream-host', `${name} comes from another hub.`, {
    remedy: 'Remove that hub from the list of upstreams; its hosts go with it.',
  });
}
