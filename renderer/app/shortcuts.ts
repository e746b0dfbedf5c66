/**
 * Keys. A binding lives as long as the component that made it; the newest binding of a key wins. Keys are
 * off while typing and while a dialog is open, except those with Mod, and single keys can be switched off.
 */
import {
  inject,
  onScopeDispose,
  ref,
  shallowRef,
  watch,
  type InjectionKey,
  type Ref,
  type ShallowRef,
} from 'vue';
import { readPreference, writePreference } from './preference.ts';

export interface Shortcut {
  /** "mod+k", "mod+shift+s", "?", "space", "escape", or a sequence: "g o". Lower case. */
  keys: string;
  /** What it does, for the key help. */
  label: string;
  group: 'go' | 'time' | 'page';
  /** Held down, it acts once. Default: again and again. */
  isOnce?: boolean;
  /** Answers false to leave the key to whoever is next. */
  run: () => boolean | void;
}

export interface Shortcuts {
  readonly bound: ShallowRef<Shortcut[]>;
  /** Whether keys without Mod act (WCAG 2.1.4). Remembered by the browser. */
  readonly singleKeys: Ref<boolean>;
  /** Returns what unbinds it. */
  bind(shortcut: Shortcut): () => void;
}

/** Time for the second key of a sequence. */
const sequenceMs = 1_000;
const typingElements =
  'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]';
/** What Space presses. A link is none of them: who went somewhere by one may pause there. */
const pressableElements = 'button, summary, [role=button], [role=option], input';

/** Listens until the scope it is made in ends. */
export function createShortcuts(target: Window = window): Shortcuts {
  const bound = shallowRef<Shortcut[]>([]);
  const singleKeys = ref(readPreference('single-keys') !== 'off');
  let first = '';
  let firstAt = 0;

  target.addEventListener('keydown', onKeyDown);
  onScopeDispose(() => target.removeEventListener('keydown', onKeyDown));
  watch(singleKeys, (isOn) => writePreference('single-keys', isOn ? 'on' : 'off'));

  return { bound, singleKeys, bind };

  function bind(shortcut: Shortcut): () => void {
    bound.value = [...bound.value, shortcut];
    return () => {
      bound.value = bound.value.filter((each) => each !== shortcut);
    };
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const name = keyName(event);
    if (name === null || !mayAct(event, name)) return;
    const sequence = first !== '' && event.timeStamp - firstAt < sequenceMs ? `${first} ${name}` : '';
    first = name;
    firstAt = event.timeStamp;
    if ((sequence !== '' && act(sequence, event)) || act(name, event)) {
      first = '';
      event.preventDefault();
    }
  }

  function act(keys: string, { repeat }: KeyboardEvent): boolean {
    const mayRun = (each: Shortcut) => each.keys === keys && !(repeat && each.isOnce === true);
    return bound.value.findLast((each) => mayRun(each) && each.run() !== false) !== undefined;
  }

  function mayAct(event: KeyboardEvent, name: string): boolean {
    if (name.startsWith('mod+')) return true;
    const element = event.target instanceof Element ? event.target : null;
    if (element?.closest(typingElements) || element?.closest('dialog')) return false;
    if (name === 'space' && element?.closest(pressableElements)) return false;
    return singleKeys.value || name === 'escape';
  }
}

/** Null for keys that never act: bare modifiers, and combinations the browser or system owns. */
function keyName(event: KeyboardEvent): string | null {
  if (event.altKey || ['Shift', 'Control', 'Meta', 'Alt'].includes(event.key)) return null;
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase();
  if (!event.ctrlKey && !event.metaKey) return key;
  // Shift counts with letters; elsewhere it may be part of typing the key itself, as of "+".
  return event.shiftKey && /^[a-z]$/.test(key) ? `mod+shift+${key}` : `mod+${key}`;
}

export const shortcutsKey: InjectionKey<Shortcuts> = Symbol('shortcuts');

export function useShortcuts(): Shortcuts {
  const shortcuts = inject(shortcutsKey);
  if (shortcuts === undefined) throw new Error('useShortcuts() was called outside the app');
  return shortcuts;
}

/** Binds keys for as long as the calling component lives. */
export function useShortcut(...shortcuts: Shortcut[]): void {
  const { bind } = useShortcuts();
  for (const shortcut of shortcuts) onScopeDispose(bind(shortcut));
}
