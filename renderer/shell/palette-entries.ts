/** What the command palette offers, and how a query picks from it. */
import type { IconName } from '../components/icons.ts';

export interface PaletteEntry {
  id: string;
  group: string;
  label: string;
  /** Also found by these words. */
  hint?: string;
  icon: IconName;
  run: () => void;
}

/**
 * Entries in which every word of the query begins a word, or else occurs; those matching at the start of
 * the label first, otherwise in the order given.
 */
export function pickEntries(entries: readonly PaletteEntry[], query: string): PaletteEntry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...entries];
  return entries
    .map((entry) => ({ entry, score: scoreOf(entry, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ entry }) => entry);
}

/** 0 where a word is missing; more for words that begin the label, or a word of it. */
function scoreOf(entry: PaletteEntry, words: readonly string[]): number {
  const label = entry.label.toLowerCase();
  const text = `${label} ${entry.hint?.toLowerCase() ?? ''}`;
  let score = 0;
  for (const word of words) {
    if (label.startsWith(word)) score += 4;
    else if (text.split(/[\s\-_./:]+/).some((part) => part.startsWith(word))) score += 2;
    else if (text.includes(word)) score += 1;
    else return 0;
  }
  return score;
}
