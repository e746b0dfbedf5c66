/** The addresses of alerts: those of a stretch of time, saying that one was seen, and the rules. */
import {
  alertMeasures,
  ALERTS_KEPT_MS,
  alertRuleChange,
  MAX_ALERTS,
  type AlertAnswer,
  type AlertMeasure,
  type AlertRules,
  type PastAlerts,
} from '../../shared/schema/alerts.ts';
import type { ShownEvents } from '../access/shown-events.ts';
import { keptOrRefused } from '../agents/kept-or-refused.ts';
import { answerJson, readerOf, type Exchange } from '../http/exchange.ts';
import { readJsonBody } from '../http/json-body.ts';
import { badParameter, refuseUnknown, timeIn } from '../http/parameters.ts';
import { notFound, ProblemError } from '../http/problem.ts';
import type { Alerts } from './alerts.ts';
import type { Judge } from './judge.ts';
import type { RuleList } from './rule-list.ts';

const MAX_RULE_BODY_BYTES = 4 * 1024;

export interface AlertEndpointParts {
  alerts: Alerts;
  rules: RuleList;
  judge: Judge;
  shownEvents: ShownEvents;
}

export class AlertEndpoint {
  readonly #parts: AlertEndpointParts;

  constructor(parts: AlertEndpointParts) {
    this.#parts = parts;
  }

  /** `GET /api/v1/alerts` */
  async list(exchange: Exchange): Promise<void> {
    const { query } = exchange;
    const { sight } = readerOf(exchange);
    refuseUnknown(query, ['from', 'to', 'hosts']);
    const to = timeIn(query, 'to') ?? Date.now();
    const from = timeIn(query, 'from') ?? to - ALERTS_KEPT_MS;
    if (from > to) throw badParameter('from', 'may not be after to');
    const wanted = query.get('hosts')?.split(',') ?? null;
    const { alerts, shownEvents } = this.#parts;
    const shown = (await alerts.between(from, to))
      .filter(({ host }) => sight.holdsHost(host))
      .flatMap((data) => {
        const event = shownEvents.of(sight, { name: 'alert', data });
        return event?.name === 'alert' ? event.data : [];
      })
      .filter(({ host }) => wanted === null || wanted.includes(host));
    const answer: PastAlerts = {
      from,
      to,
      alerts: shown.slice(-MAX_ALERTS),
      isCut: shown.length > MAX_ALERTS,
    };
    answerJson(exchange, answer);
  }

  /** `POST /api/v1/alerts/:id/acknowledge` */
  acknowledge(exchange: Exchange): void {
    const alert = this.#parts.alerts.acknowledge(exchange.params['id'] ?? '');
    if (alert === null) throw notFiring();
    const answer: AlertAnswer = { alert };
    answerJson(exchange, answer);
  }

  /** `GET /api/v1/alerts/rules` */
  tellRules(exchange: Exchange): void {
    this.#answerRules(exchange);
  }

  /** `PATCH /api/v1/alerts/rules/:measure` */
  async changeRule(exchange: Exchange): Promise<void> {
    const { rules, judge } = this.#parts;
    const change = await readJsonBody(exchange.request, alertRuleChange, MAX_RULE_BODY_BYTES);
    const measure = measureIn(exchange);
    judge.ruleChanged(keptOrRefused('Nothing was changed.', () => rules.change(measure, change)));
    this.#answerRules(exchange);
  }

  #answerRules(exchange: Exchange): void {
    const answer: AlertRules = { rules: [...this.#parts.rules.all] };
    answerJson(exchange, answer);
  }
}

function measureIn({ params }: Exchange): AlertMeasure {
  const measure = alertMeasures.find((each) => each === params['measure']);
  if (measure !== undefined) return measure;
  throw new ProblemError(404, 'unknown-rule', 'This hub has no such rule.', {
    remedy: `Its rules are ${alertMeasures.join(', ')}, as GET /api/v1/alerts/rules lists them.`,
  });
}

function notFiring(): ProblemError {
  const { status, code } = notFound();
  return new ProblemError(status, code, 'No alert of this id fires.', {
    remedy: 'It may have ended meanwhile; GET /api/v1/alerts lists them.',
  });
}
