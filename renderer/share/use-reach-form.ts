/** How the hub is reached, as a form: what is chosen, whether it can be asked for, and the asking. */
import { computed, reactive, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { defaultReach, type ReachAnswer, type ReachChange } from '../../shared/schema/reach.ts';
import { changeReach } from './ask-reach.ts';
import { reachChangeOf, reachDraftOf, reachFaultOf, type ReachDraft } from './reach-draft.ts';

export interface ReachForm {
  readonly draft: ReachDraft;
  /** Null: nothing is to be changed. */
  readonly change: ComputedRef<ReachChange | null>;
  /** Why it cannot be asked for; null: it can, or nobody has tried yet. */
  readonly fault: ComputedRef<string | null>;
  /** Why the hub did not do it. */
  readonly refusal: ShallowRef<string | null>;
  /** Another program has the port; any other would do. */
  readonly isPortBusy: ShallowRef<boolean>;
  readonly isBusy: ShallowRef<boolean>;
  undo(): void;
  /** False: it cannot be asked for, and from now on the form says why. */
  check(): boolean;
  /** True: the hub is reached as wished, and `reach` says so. */
  save(): Promise<boolean>;
}

/** `reach`: as the hub told; null before. */
export function useReachForm(reach: Ref<ReachAnswer> | Ref<ReachAnswer | null>): ReachForm {
  const draft = reactive<ReachDraft>(reachDraftOf(reach.value?.settings ?? defaultReach));
  const wasTried = shallowRef(false);
  const refusal: ShallowRef<string | null> = shallowRef(null);
  const isPortBusy = shallowRef(false);
  const isBusy = shallowRef(false);
  const change = computed(() => (reach.value === null ? null : reachChangeOf(draft, reach.value.settings)));
  const fault = computed(() => (wasTried.value ? reachFaultOf(draft) : null));
  // Asked again, the hub mostly says the same: what is being typed stays.
  watch(() => JSON.stringify(reach.value?.settings), undo);

  return { draft, change, fault, refusal, isPortBusy, isBusy, undo, check, save };

  function undo(): void {
    if (reach.value !== null) Object.assign(draft, reachDraftOf(reach.value.settings));
    wasTried.value = false;
    refuse(null);
  }

  function check(): boolean {
    wasTried.value = true;
    return change.value === null || fault.value === null;
  }

  async function save(): Promise<boolean> {
    refuse(null);
    if (!check() || isBusy.value) return false;
    if (change.value === null) return true;
    isBusy.value = true;
    const answer = await changeReach(change.value);
    isBusy.value = false;
    if (!answer.isGood) {
      refuse(answer.sentence, answer.code);
      return false;
    }
    reach.value = answer.value;
    return answer.value.listener.state !== 'failed';
  }

  function refuse(sentence: string | null, code = ''): void {
    refusal.value = sentence;
    isPortBusy.value = code === 'port-in-use';
  }
}
