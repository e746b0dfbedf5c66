/** All that a hub has of alerts, put together: rules, what fires, the judge between them, and the addresses. */
import type { StreamEvent } from '../../shared/events.ts';
import type { ShownEvents } from '../access/shown-events.ts';
import { LazyEndpoint } from '../http/lazy-endpoint.ts';
import type { AlertEndpoint } from './alert-endpoint.ts';
import { Alerts } from './alerts.ts';
import { Judge, type JudgeOptions } from './judge.ts';
import { RuleList } from './rule-list.ts';

export interface AlertingOptions extends Pick<JudgeOptions, 'hosts' | 'hostOf'> {
  dataDir: string;
  /** Puts an event on the bus. */
  publish: (event: StreamEvent) => void;
  report: (trouble: Error) => void;
  shownEvents: ShownEvents;
}

export class Alerting implements AsyncDisposable {
  readonly endpoint: LazyEndpoint<AlertEndpoint>;
  readonly #alerts: Alerts;
  readonly #judge: Judge;

  constructor({ hosts, hostOf, shownEvents, ...options }: AlertingOptions) {
    const rules = new RuleList(options.dataDir, options.report);
    const alerts = new Alerts(options);
    this.#alerts = alerts;
    this.#judge = new Judge({ alerts, ruleOf: (measure) => rules.of(measure), hosts, hostOf });
    const parts = { alerts, rules, judge: this.#judge, shownEvents };
    this.endpoint = new LazyEndpoint(
      async () => new (await import('./alert-endpoint.ts')).AlertEndpoint(parts),
    );
  }

  /** Events that a stream begins with. */
  get standing(): StreamEvent[] {
    return this.#alerts.standing;
  }

  /** Of all that is published, what rules are about. */
  take(event: StreamEvent): void {
    this.#judge.take(event);
  }

  /** To be called every second or so. */
  check(): void {
    this.#judge.check();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#alerts[Symbol.asyncDispose]();
  }
}
