/**
 * The keys of a log pane. They act while the focus is in the pane, or nowhere or on a link and the pane is the
 * screen's own; single keys keep quiet while typing and where they are switched off.
 */
import { onScopeDispose, type Ref } from 'vue';
import { useShortcut, useShortcuts, type Shortcut } from '../../app/shortcuts.ts';
import { logMessages } from './log-messages.ts';

export interface LogKeyActions {
  /** Both null: here is nothing to filter, and Mod+F is the browser's. */
  focusFilter: (() => void) | null;
  find: (() => void) | null;
  step(by: number, isExtending: boolean): void;
  open(): void;
  stepMatch(by: 1 | -1): void;
  stepError(by: 1 | -1): void;
  toggleWrap(): void;
  /** Null: here a filter can only filter. */
  toggleMode: (() => void) | null;
  first(): void;
  last(): void;
  /** False where what is shown is not live for another reason. */
  live(): boolean;
  /** Null: nothing comes here that could be followed. */
  toggleFollow: (() => void) | null;
  selectAll(): void;
  /** Pins the moment of the current line on the charts of its host. False where there is none. */
  pin(): boolean;
  /** False where there was nothing to leave. */
  leave(): boolean;
}

export interface LogKeysOptions {
  pane: Ref<HTMLElement | null>;
  /** True where the pane is the whole screen. */
  isScreen: boolean;
  actions: LogKeyActions;
}

export function useLogKeys({ pane, isScreen, actions }: LogKeysOptions): void {
  const { singleKeys } = useShortcuts();
  const words = logMessages.keys;
  const bindings: [keys: string, label: string, act: (() => void) | null][] = [
    ['/', words.filter, actions.focusFilter],
    ['mod+f', words.find, actions.find],
    ['space', words.follow, actions.toggleFollow],
    ['end', words.last, actions.last],
    ['home', words.first, actions.first],
    ['j', words.next, () => actions.step(1, false)],
    ['k', words.previous, () => actions.step(-1, false)],
    ['o', words.open, actions.open],
    ['n', words.match, () => actions.stepMatch(1)],
    ['e', words.error, () => actions.stepError(1)],
    ['w', words.wrap, actions.toggleWrap],
    ['h', words.mode, actions.toggleMode],
  ];
  useShortcut(
    ...bindings.flatMap(([keys, label, act]): Shortcut[] =>
      act === null ? [] : [{ keys, label, group: 'page', run: () => isOurs() && (act(), true) }],
    ),
    { keys: 'l', label: '', group: 'page', run: () => isOurs() && actions.live() },
    { keys: 'c', label: words.pin, group: 'page', run: () => isOurs() && actions.pin() },
    { keys: 'escape', label: '', group: 'page', run: () => isOurs() && actions.leave() },
  );

  // What the key bindings of the page do not tell apart: Shift, and keys that only mean something on the list.
  document.addEventListener('keydown', onKeyDown);
  onScopeDispose(() => document.removeEventListener('keydown', onKeyDown));

  function isOurs(): boolean {
    const focused = document.activeElement;
    if (pane.value?.contains(focused)) return true;
    // Who came here by a link of the rail has the focus on it still.
    return isScreen && (isNothing(focused) || focused instanceof HTMLAnchorElement);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    if (event.defaultPrevented || !isOurs() || target?.closest('input, textarea, select, dialog')) return;
    const act = special(event, target);
    if (act === null) return;
    act();
    event.preventDefault();
  }

  function special(event: KeyboardEvent, target: Element | null): (() => void) | null {
    const isMod = event.ctrlKey || event.metaKey;
    const isOnList = target?.closest('.log-list') !== null && target !== null;
    if (isMod) return event.key === 'a' && isOnList ? actions.selectAll : null;
    if (event.altKey) return null;
    // On a button or a link Enter presses that.
    if (event.key === 'Enter') return isOnList || isNothing(target) ? actions.open : null;
    if (event.shiftKey && isOnList && event.key === 'ArrowDown') return () => actions.step(1, true);
    if (event.shiftKey && isOnList && event.key === 'ArrowUp') return () => actions.step(-1, true);
    if (!event.shiftKey || !singleKeys.value) return null;
    if (event.key === 'N') return () => actions.stepMatch(-1);
    if (event.key === 'E') return () => actions.stepError(-1);
    if (event.key === 'J') return () => actions.step(1, true);
    if (event.key === 'K') return () => actions.step(-1, true);
    return null;
  }
}

/** Where the focus is while nothing has it. */
function isNothing(focused: Element | null): boolean {
  return focused === null || focused === document.body || focused.id === 'content';
}
