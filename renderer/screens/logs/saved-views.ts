/** Views of the log screen that a person gave a name: filter, lowest level, highlighting, how far back. Kept by this browser. */
import { shallowRef, type ShallowRef } from 'vue';
import type { LocationQuery, LocationQueryRaw } from 'vue-router';
import { readPreference, writePreference } from '../../app/preference.ts';
import { maxFilterLength } from '../../../shared/filter/parse.ts';
import { pasts } from './archive-address.ts';
import { logLevels } from '../../../shared/log-level.ts';

export const MAX_VIEW_NAME = 60;
const MAX_VIEWS = 30;

/** What makes a view, as it stands in the address; what is not there is as usual. */
const parts = ['q', 'level', 'mode', 'past'] as const;
export type ViewParts = Partial<Record<(typeof parts)[number], string>>;

export interface SavedView {
  name: string;
  parts: ViewParts;
}

export interface SavedViews {
  /** By name. */
  readonly views: ShallowRef<readonly SavedView[]>;
  /** In the place of one that has this name; the view saved longest ago goes where there are too many. */
  save(view: SavedView): void;
  remove(name: string): void;
}

export function useSavedViews(): SavedViews {
  const views = shallowRef<readonly SavedView[]>(parseViews(readPreference('log-views')));
  return {
    views,
    save(view) {
      keep([...views.value.filter(({ name }) => name !== view.name), view].slice(-MAX_VIEWS));
    },
    remove(removed) {
      keep(views.value.filter(({ name }) => name !== removed));
    },
  };

  function keep(next: readonly SavedView[]): void {
    views.value = next;
    writePreference('log-views', JSON.stringify(next));
  }
}

/** What is no view, as another version or another program may have left it, is left out. */
export function parseViews(text: string | null): SavedView[] {
  try {
    const found: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(found) ? found.filter(isView).slice(-MAX_VIEWS) : [];
  } catch {
    return [];
  }
}

function isView(value: unknown): value is SavedView {
  const { name, parts: own } = (value ?? {}) as Partial<SavedView>;
  if (typeof name !== 'string' || name === '' || name.length > MAX_VIEW_NAME) return false;
  if (typeof own !== 'object' || own === null) return false;
  return Object.entries(own).every(([part, text]) => typeof text === 'string' && isPart(part, text));
}

function isPart(part: string, text: string): boolean {
  if (part === 'q') return text.length <= maxFilterLength;
  if (part === 'level') return logLevels.some((level) => level === text);
  if (part === 'mode') return text === 'highlight';
  return part === 'past' && pasts.some(({ key }) => key === text);
}

/** Of an address. Empty: it shows all there is, which needs no name. */
export function partsOf(query: LocationQuery): ViewParts {
  const found: ViewParts = {};
  for (const part of parts) {
    const text = query[part];
    if (typeof text === 'string' && text !== '' && isPart(part, text)) found[part] = text;
  }
  return found;
}

/** The address of a view, with all else of this one, but for the line it is around and the times it is narrowed to. */
export function queryOf(view: ViewParts, query: LocationQuery): LocationQueryRaw {
  const gone: readonly string[] = [...parts, 'around', 'from', 'to'];
  const rest = Object.fromEntries(Object.entries(query).filter(([name]) => !gone.includes(name)));
  return { ...rest, ...view };
}
