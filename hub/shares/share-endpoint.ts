/** The owner's addresses of shares: making a link, the list, changing, revoking, looking through one. */
import { parseFilter } from '../../shared/filter/parse.ts';
import { FilterSyntaxError } from '../../shared/filter/filter-syntax-error.ts';
import type { FilterNode } from '../../shared/filter/tree.ts';
import { paths } from '../../shared/protocol.ts';
import type { ReachBase } from '../../shared/schema/reach.ts';
import {
  shareChange,
  shareRequest,
  type PreviewAnswer,
  type RevokedAnswer,
  type Share,
  type ShareAnswer,
  type SharesAnswer,
  type ShareScope,
} from '../../shared/schema/shares.ts';
import { keptOrRefused } from '../agents/kept-or-refused.ts';
import { actorOf, type Audit } from '../audit/audit.ts';
import { answerJson, type Exchange } from '../http/exchange.ts';
import { readJsonBody } from '../http/json-body.ts';
import { ProblemError } from '../http/problem.ts';
import type { KnownHosts } from './open-share.ts';
import type { Shares } from './shares.ts';

/** 256 hosts and 64 groups, with every character escaped, fit. */
const MAX_SHARE_BODY_BYTES = 64 * 1024;

export interface ShareEndpointParts {
  shares: Shares;
  registry: KnownHosts;
  audit: Audit;
  /** Where links begin, asked for each: it changes while the hub runs. */
  base: () => ReachBase;
  /** Whether the hub's own authority issues the certificate of its network. */
  hasOwnAuthority: () => boolean;
}

export class ShareEndpoint {
  readonly #parts: ShareEndpointParts;

  constructor(parts: ShareEndpointParts) {
    this.#parts = parts;
  }

  /** `GET /api/v1/shares` */
  list(exchange: Exchange): void {
    const { shares, base } = this.#parts;
    answerJson(exchange, { shares: shares.all, base: base() } satisfies SharesAnswer);
  }

  /** `POST /api/v1/shares` */
  async create(exchange: Exchange): Promise<void> {
    const wanted = await readJsonBody(exchange.request, shareRequest, MAX_SHARE_BODY_BYTES);
    const scope = this.#checked(wanted.scope);
    const { share, secret } = keptOrRefused('No link was made.', () =>
      this.#parts.shares.create({ ...wanted, scope }),
    );
    this.#record(exchange, 'share-created', share);
    const base = this.#parts.base();
    const token = `wls_${share.id}_${secret}`;
    const streamUrl = base.url + paths.stream;
    const authority = this.#authorityOf(base);
    const answer: ShareAnswer = {
      share,
      base,
      link: linkOf(base, share.id, secret),
      streamUrl,
      token,
      curl: `curl -N ${authority === null ? '' : '--cacert watchline-ca.crt '}-H "Authorization: Bearer ${token}" ${streamUrl}`,
      authority,
    };
    answerJson(exchange, answer, 201);
  }

  /** `PATCH /api/v1/shares/:id` */
  async change(exchange: Exchange): Promise<void> {
    const change = await readJsonBody(exchange.request, shareChange, MAX_SHARE_BODY_BYTES);
    const id = idOf(exchange);
    const before = this.#parts.shares.shareOf(id);
    const share = keptOrRefused('Nothing was changed.', () => this.#parts.shares.change(id, change));
    if (share.isPaused !== before.isPaused) {
      this.#record(exchange, share.isPaused ? 'share-paused' : 'share-resumed', share);
    }
    if (Object.keys(change).some((name) => name !== 'isPaused'))
      this.#record(exchange, 'share-changed', share);
    answerJson(exchange, share);
  }

  /** `DELETE /api/v1/shares/:id` */
  revoke(exchange: Exchange): void {
    const { shares } = this.#parts;
    const share = keptOrRefused('The link opens nothing until the hub is started again.', () =>
      shares.revoke(idOf(exchange)),
    );
    this.#record(exchange, 'share-revoked', share);
    answerJson(exchange, share);
  }

  /** `DELETE /api/v1/shares` */
  revokeAll(exchange: Exchange): void {
    const revoked = keptOrRefused('The links open nothing until the hub is started again.', () =>
      this.#parts.shares.revokeAll(),
    );
    for (const share of revoked) this.#record(exchange, 'share-revoked', share);
    answerJson(exchange, { revoked: revoked.length } satisfies RevokedAnswer);
  }

  /** `POST /api/v1/shares/:id/preview` */
  preview(exchange: Exchange): void {
    const { shares, base } = this.#parts;
    const id = idOf(exchange);
    const { secret, expiresAt } = shares.preview(id);
    this.#record(exchange, 'share-previewed', shares.shareOf(id));
    answerJson(exchange, { link: linkOf(base(), id, secret), expiresAt } satisfies PreviewAnswer, 201);
  }

  /** Only this machine's address on its network has a certificate that nobody else knows. */
  #authorityOf({ kind, url }: ReachBase): string | null {
    const isIssuedHere = kind === 'network' && url.startsWith('https:') && this.#parts.hasOwnAuthority();
    return isIssuedHere ? url + paths.authority : null;
  }

  /** Who shares a host that is not there, or with a filter that is none, learns of it now, and not from an empty page. */
  #checked(scope: ShareScope): ShareScope {
    const unknown = scope.hosts?.find((id) => this.#parts.registry.recordOf(id) === null);
    if (unknown !== undefined) {
      throw new ProblemError(400, 'unknown-host', `This hub knows no host ${JSON.stringify(unknown)}.`, {
        remedy: 'Name hosts by their ids, as GET /api/v1/hosts lists them, or leave them out: all hosts.',
      });
    }
    if (scope.logFilter !== null) checkFilter(scope.logFilter);
    return {
      ...scope,
      channels: [...new Set(scope.channels)],
      since: scope.since === 'live' ? 'live' : Math.min(scope.since, Date.now()),
    };
  }

  #record({ caller, address }: Exchange, kind: Parameters<Audit['record']>[0]['kind'], share: Share): void {
    const { scope, expiresAt, maxViewers } = share;
    this.#parts.audit.record({
      kind,
      actor: actorOf(caller, address),
      subject: { id: share.id, name: share.label },
      details: {
        expiresAt,
        maxViewers,
        hosts: scope.hosts?.length ?? null,
        groups: scope.groups?.length ?? null,
        channels: scope.channels.join(', '),
        hidesNames: scope.hidesNames,
      },
    });
  }
}

/** Throws a 400 `ProblemError`. */
function checkFilter(text: string): void {
  let filter: FilterNode;
  try {
    filter = parseFilter(text);
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    throw badFilter(`${error.message} (at character ${error.position + 1} of the log filter).`);
  }
  if (!holdsExpression(filter)) return;
  // Whoever can write a log line could choose one that keeps the hub busy with an unlucky expression for minutes.
  throw badFilter('The log filter of a share holds a regular expression, which the hub does not run.');
}

function holdsExpression(node: FilterNode): boolean {
  if (node.kind === 'and' || node.kind === 'or') return node.nodes.some(holdsExpression);
  return node.kind === 'not' ? holdsExpression(node.node) : node.kind === 'regex';
}

function badFilter(message: string): ProblemError {
  return new ProblemError(400, 'bad-filter', message, {
    remedy: 'Use words, "phrases", level>=warn, source:nginx or key=value, where * and ? stand for any text.',
  });
}

function linkOf(base: ReachBase, id: string, secret: string): string {
  return `${base.url}${paths.sharePage}/${id}#${secret}`;
}

function idOf({ params }: Exchange): string {
  return params['id'] ?? '';
}
