/** Acknowledging in the list of what fires: what is said of it aloud, and the key that does it. */
import { inject, provide, ref, type InjectionKey, type Ref } from 'vue';
import { useShortcut } from '../../app/shortcuts.ts';
import { useSession } from '../../session/session.ts';
import { eventsMessages as words } from './events-messages.ts';

const sayKey: InjectionKey<(sentence: string) => void> = Symbol('say what was acknowledged');

/** For the list, whose rows are made anew as alerts join and part. Answers what its live region says. */
export function provideSaying(): Readonly<Ref<string>> {
  const said = ref('');
  provide(sayKey, (sentence) => (said.value = sentence));
  return said;
}

export function useSaying(): (sentence: string) => void {
  const say = inject(sayKey);
  if (say === undefined) throw new Error('an alert was placed outside the list of what fires');
  return say;
}

/** A: the button of the row that has the focus; where none has it, of the one under the pointer. */
export function useAcknowledgeKey(list: Readonly<Ref<HTMLElement | null>>): void {
  if (!useSession().may('manage')) return;
  useShortcut({
    keys: 'a',
    label: words.acknowledgeKey,
    group: 'page',
    // Held down over the list it would go from row to row, as each that was seen makes room for the next.
    isOnce: true,
    run: () => {
      const focused = list.value?.contains(document.activeElement) ? document.activeElement : null;
      const row = focused?.closest('.firing-row') ?? list.value?.querySelector('.firing-row:hover');
      const button = row?.querySelector<HTMLElement>('.acknowledge');
      button?.click();
      return button != null;
    },
  });
}
