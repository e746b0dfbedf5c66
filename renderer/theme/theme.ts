/** Which theme the page wears: the reader's choice, or the system's. theme-boot.js has set the first one. */
import { inject, ref, shallowRef, type InjectionKey, type Ref, type ShallowRef } from 'vue';
import { readPreference, writePreference } from '../app/preference.ts';

export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

export interface Theme {
  readonly choice: Ref<ThemeChoice>;
  /** What is worn now. Drawings on a canvas watch this and read their colours anew. */
  readonly worn: ShallowRef<'light' | 'dark'>;
  choose(choice: ThemeChoice): void;
}

export function createTheme(): Theme {
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  const choice = ref<ThemeChoice>(storedChoice());
  const worn = shallowRef(resolve());

  prefersDark.addEventListener('change', wear);
  wear();

  return {
    choice,
    worn,
    choose(next) {
      choice.value = next;
      writePreference('theme', next);
      wear();
    },
  };

  function resolve(): 'light' | 'dark' {
    if (choice.value === 'system') return prefersDark.matches ? 'dark' : 'light';
    return choice.value;
  }

  function wear(): void {
    document.documentElement.dataset['theme'] = resolve();
    worn.value = resolve();
  }
}

/** The value of a colour token as it is worn now, for canvases: `readToken('--s1')`. */
export function readToken(name: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function storedChoice(): ThemeChoice {
  const stored = readPreference('theme');
  return themeChoices.find((each) => each === stored) ?? 'system';
}

export const themeKey: InjectionKey<Theme> = Symbol('theme');

export function useTheme(): Theme {
  const theme = inject(themeKey);
  if (theme === undefined) throw new Error('useTheme() was called outside the app');
  return theme;
}
