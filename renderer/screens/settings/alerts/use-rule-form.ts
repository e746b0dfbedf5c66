/** One rule as a form: its numbers are saved when that is asked for, its switch and its choice at once. */
import { computed, reactive, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { paths } from '../../../../shared/protocol.ts';
import { alertRules, type AlertRule, type AlertRuleChange } from '../../../../shared/schema/alerts.ts';
import { askHub } from '../../../app/ask-hub.ts';
import {
  isChanged,
  ruleChangeOf,
  ruleDraftOf,
  ruleFaultsOf,
  ruleFields,
  type RuleDraft,
  type RuleFaults,
  type RuleField,
} from './rule-draft.ts';

export interface RuleForm {
  readonly draft: RuleDraft;
  /** There is something to save, or to take back. */
  readonly hasChange: ComputedRef<boolean>;
  /** Of the fields that were left, and of all once saving was tried. */
  readonly faults: ComputedRef<RuleFaults>;
  /** Why the hub did not do it. */
  readonly refusal: ShallowRef<string | null>;
  readonly isBusy: ShallowRef<boolean>;
  /** Somebody is done with a field. */
  leave(field: RuleField): void;
  undo(): void;
  save(): Promise<void>;
  /** Asks the hub for this at once. */
  change(change: AlertRuleChange): Promise<void>;
}

export function useRuleForm(rule: () => AlertRule, took: (rules: AlertRule[]) => void): RuleForm {
  const draft = reactive<RuleDraft>(ruleDraftOf(rule()));
  const left = reactive(new Set<RuleField>());
  const refusal: ShallowRef<string | null> = shallowRef(null);
  const isBusy = shallowRef(false);
  const hasChange = computed(() => isChanged(draft, rule()));
  const allFaults = computed(() => ruleFaultsOf(draft, rule().above !== null));
  const faults = computed<RuleFaults>(() =>
    Object.fromEntries(Object.entries(allFaults.value).filter(([field]) => left.has(field as RuleField))),
  );
  // Asked again, the hub mostly says the same: what is being typed stays.
  watch(() => JSON.stringify(ruleDraftOf(rule())), undo);

  return { draft, hasChange, faults, refusal, isBusy, leave: (field) => left.add(field), undo, save, change };

  function undo(): void {
    Object.assign(draft, ruleDraftOf(rule()));
    left.clear();
    refusal.value = null;
  }

  async function save(): Promise<void> {
    for (const field of ruleFields) left.add(field);
    const wished = ruleChangeOf(draft, rule());
    if (wished !== null) await change(wished);
    // As the hub has it: "90s" is "1 min 30 s".
    if (refusal.value === null && !hasChange.value) undo();
  }

  async function change(wished: AlertRuleChange): Promise<void> {
    if (isBusy.value) return;
    isBusy.value = true;
    const path = `${paths.alertRules}/${rule().measure}`;
    const answer = await askHub(path, alertRules, { method: 'PATCH', body: wished });
    isBusy.value = false;
    refusal.value = answer.isGood ? null : answer.sentence;
    if (answer.isGood) took(answer.value.rules);
  }
}
