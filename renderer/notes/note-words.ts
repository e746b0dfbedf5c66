/** A note in words. Its text comes from outside: nothing here is obeyed, everything is shown. */
import type { Note } from '../../shared/schema/notes.ts';
import { visibleText } from '../../shared/visible-text.ts';
import type { Shape, Tone } from '../components/status.ts';

/** A marker's title, or the first line of a note. One line. */
export function headlineOf({ title, text }: Note): string {
  const [line] = (title ?? text ?? '').split('\n', 1);
  return visibleText(line!);
}

/** What there is besides the headline, its line breaks kept; '' for nothing. */
export function moreOf({ title, text }: Note): string {
  const lines = (text ?? '').split('\n');
  return (title === null ? lines.slice(1) : lines)
    .map((line) => visibleText(line))
    .join('\n')
    .trim();
}

/** Where a link leads, to be seen before it is followed. */
export function linkHost(link: string): string {
  return URL.parse(link)?.host ?? link;
}

const looks: Record<Note['level'], { tone: Tone; shape: Shape }> = {
  info: { tone: 'info', shape: 'diamond' },
  warn: { tone: 'warn', shape: 'triangle' },
  error: { tone: 'crit', shape: 'octagon' },
};

export function lookOf({ level }: Note): { tone: Tone; shape: Shape } {
  return looks[level];
}
