/** The addresses of operator tokens, and of tickets. */
import {
  MAX_OPERATOR_TOKENS,
  ticketParameter,
  tokenRequest,
  type TicketAnswer,
  type TokenAnswer,
} from '../../shared/schema/access.ts';
import { paths } from '../../shared/protocol.ts';
import { keptOrRefused } from '../agents/kept-or-refused.ts';
import { actorOf, type Audit } from '../audit/audit.ts';
import { answerJson, readerOf, type Exchange } from '../http/exchange.ts';
import { readJsonBody } from '../http/json-body.ts';
import { notFound, ProblemError } from '../http/problem.ts';
import type { Ender } from './endings.ts';
import type { OperatorTokens } from './operator-tokens.ts';
import type { StreamTickets } from './stream-tickets.ts';

const MAX_TOKEN_BODY_BYTES = 4 * 1024;

export interface TokenEndpointParts {
  operators: OperatorTokens;
  streamTickets: StreamTickets;
  endings: Ender;
  audit: Audit;
}

export class TokenEndpoint {
  readonly #parts: TokenEndpointParts;

  constructor(parts: TokenEndpointParts) {
    this.#parts = parts;
  }

  /** `GET /api/v1/tokens` */
  list(exchange: Exchange): void {
    answerJson(exchange, { tokens: this.#parts.operators.entries });
  }

  /** `POST /api/v1/tokens` */
  async create(exchange: Exchange): Promise<void> {
    const { operators, audit } = this.#parts;
    const { name, scopes, expiresInSeconds } = await readJsonBody(
      exchange.request,
      tokenRequest,
      MAX_TOKEN_BODY_BYTES,
    );
    if (operators.isFull) throw tooMany();
    const expiresAt = expiresInSeconds === null ? null : Date.now() + expiresInSeconds * 1000;
    const made = keptOrRefused('No token was made.', () => operators.create({ name, scopes, expiresAt }));
    audit.record({
      kind: 'token-created',
      actor: actorOf(exchange.caller, exchange.address),
      subject: { id: made.entry.id, name },
      details: { scopes: made.entry.scopes.join(', '), expiresAt },
    });
    answerJson(exchange, made satisfies TokenAnswer, 201);
  }

  /** `DELETE /api/v1/tokens/:id` */
  revoke(exchange: Exchange): void {
    const { operators, endings, audit } = this.#parts;
    const id = exchange.params['id'] ?? '';
    const entry = operators.entries.find((candidate) => candidate.id === id);
    if (!entry) throw notFound();
    try {
      keptOrRefused('The token opens nothing until the hub is started again.', () => operators.revoke(id));
    } finally {
      endings.endWhere((credential) => credential === `token:${id}`, 'revoked');
    }
    audit.record({
      kind: 'token-revoked',
      actor: actorOf(exchange.caller, exchange.address),
      subject: { id, name: entry.name },
    });
    exchange.response.writeHead(204, { 'Cache-Control': 'no-store' }).end();
  }

  /** `POST /api/v1/tickets` */
  issueTicket(exchange: Exchange): void {
    const { ticket, expiresAt } = this.#parts.streamTickets.issue(readerOf(exchange));
    const path = `${paths.stream}?${ticketParameter}=${ticket}`;
    answerJson(exchange, { ticket, expiresAt, path } satisfies TicketAnswer, 201);
  }
}

function tooMany(): ProblemError {
  return new ProblemError(
    409,
    'too-many-tokens',
    `This hub has ${MAX_OPERATOR_TOKENS} tokens and makes no more.`,
    {
      remedy: 'Revoke tokens that are not used any more.',
    },
  );
}
