/** What the command palette offers, and what a search finds in it. */
import { describe, expect, it } from 'vitest';
import { pickEntries, type PaletteEntry } from '../../../../renderer/shell/palette-entries.ts';

function entry(label: string, hint?: string): PaletteEntry {
  return { id: label, group: 'g', label, icon: 'search', run: () => undefined, ...(hint && { hint }) };
}

const entries = [
  entry('studio'),
  entry('web-1', '10.0.0.1'),
  entry('db-web'),
  entry('Theme: Dark'),
  entry('Go to Logs'),
];
const picked = (query: string) => pickEntries(entries, query).map(({ label }) => label);

describe('the command palette', () => {
  it('offers everything for an empty query', () => {
    expect(picked('  ')).toHaveLength(entries.length);
  });

  it('puts a label that begins with the query before one that only holds it', () => {
    expect(picked('web')).toEqual(['web-1', 'db-web']);
  });

  it('wants every word, in any order and case', () => {
    expect(picked('DARK theme')).toEqual(['Theme: Dark']);
    expect(picked('dark logs')).toEqual([]);
  });

  it('finds a host by what is said of it', () => {
    expect(picked('10.0.0.1')).toEqual(['web-1']);
  });
});
