/**
 * How every host is doing, looked at together: once a second, and at once when the hub tells of a host. So a fleet costs as much as
 * its changes, not as its samples.
 */
import {
  computed,
  inject,
  onScopeDispose,
  type ComputedRef,
  type InjectionKey,
  type ShallowRef,
  watch,
} from 'vue';
import type { Alert } from '../../shared/schema/alerts.ts';
import { conditionOf, isSameCondition, type Condition } from './condition.ts';
import type { HostState } from './host-state.ts';

export interface Conditions {
  of(state: HostState): Condition;
}

/** `now`: epoch milliseconds of the hub, changing once a second; `firing`: the alerts that do, on all hosts. */
export function createConditions(
  hosts: Readonly<ShallowRef<readonly HostState[]>>,
  now: Readonly<ShallowRef<number>>,
  firing: Readonly<ShallowRef<readonly Alert[]>>,
): Conditions {
  const conditions = new Map<HostState, ComputedRef<Condition>>();
  const firingOn = computed(() => byHost(firing.value));

  onScopeDispose(
    watch(hosts, (known) => {
      const held = new Set(known);
      for (const state of conditions.keys()) if (!held.has(state)) conditions.delete(state);
    }),
  );

  return {
    of(state) {
      let condition = conditions.get(state);
      if (condition === undefined) {
        // Equal to the one before, it is the one before: who shows it need not look again.
        condition = computed((before) => {
          const next = conditionOf(state, now.value, firingOn.value.get(state.id));
          return before !== undefined && isSameCondition(before, next) ? before : next;
        });
        conditions.set(state, condition);
      }
      return condition.value;
    },
  };
}

function byHost(alerts: readonly Alert[]): Map<string, Alert[]> {
  const lists = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const list = lists.get(alert.host);
    if (list) list.push(alert);
    else lists.set(alert.host, [alert]);
  }
  return lists;
}

export const conditionsKey: InjectionKey<Conditions> = Symbol('conditions');

export function useConditions(): Conditions {
  const conditions = inject(conditionsKey);
  if (conditions === undefined) throw new Error('useConditions() was called outside the app');
  return conditions;
}
