/** The alerts the page knows: those of the hub's snapshot, and what came since. */
import { shallowRef, type ShallowRef } from 'vue';
import { MAX_ALERTS, type Alert } from '../../shared/schema/alerts.ts';
import { publishNow, type Publish } from './publisher.ts';
import { SnapshotItems } from './snapshot-items.ts';

export class AlertList {
  /** By `firedAt`, oldest first: all that fire, and at most as many that ended as a hub holds. */
  readonly alerts: ShallowRef<readonly Alert[]> = shallowRef([]);
  /** Of these, those that fire. */
  readonly firing: ShallowRef<readonly Alert[]> = shallowRef([]);
  readonly #held: SnapshotItems<Alert>;

  constructor(publish: Publish = publishNow) {
    this.#held = new SnapshotItems((items) => {
      const alerts = [...items.values()].sort((a, b) => a.firedAt - b.firedAt);
      publish(this.alerts, alerts);
      publish(
        this.firing,
        alerts.filter(({ endedAt }) => endedAt === null),
      );
    });
  }

  beginSnapshot(): void {
    this.#held.beginSnapshot();
  }

  endSnapshot(): void {
    this.#held.endSnapshot();
  }

  take(alert: Alert): void {
    this.#held.change((alerts) => {
      alerts.delete(alert.id);
      if (!isForgotten(alert)) alerts.set(alert.id, alert);
      forgetEnded(alerts);
    });
  }
}

/** It was over before there was anything that this page may see. */
function isForgotten({ firedAt, endedAt }: Alert): boolean {
  return endedAt === firedAt;
}

/** The ones that were told first go where too many have ended. */
function forgetEnded(alerts: Map<string, Alert>): void {
  const ended = [...alerts.values()].filter(({ endedAt }) => endedAt !== null);
  for (const { id } of ended.slice(0, Math.max(0, ended.length - MAX_ALERTS))) alerts.delete(id);
}
