/** A line's text as parts to show: terminal styles as classes, matches marked, everything unsafe made visible. */
import { plainText, styledRuns, type TextStyle } from '../../../shared/ansi-text.ts';
import { visibleText } from '../../../shared/visible-text.ts';

export interface MessagePart {
  text: string;
  /** Classes of a terminal style; '' for none. */
  style: string;
  isMark: boolean;
}

/**
 * `marks`: [start, end, start, end ...] in the text without styles, in any order, overlapping or not.
 * `limit`: UTF-16 units of the text shown at most. `visible` makes what is unsafe seen: by default on one line.
 */
export function messageParts(
  text: string,
  marks: readonly number[],
  limit: number,
  visible = visibleText,
): MessagePart[] {
  const isMarked = marks.length === 0 ? null : markedUnits(marks);
  const parts: MessagePart[] = [];
  let at = 0;
  for (const run of styledRuns(text)) {
    const shown = run.text.slice(0, limit - at);
    const style = run.style === null ? '' : styleClasses(run.style);
    if (isMarked === null) parts.push({ text: shown, style, isMark: false });
    else pushMarked(parts, shown, at, style, isMarked);
    at += run.text.length;
    if (at >= limit) break;
  }
  return parts.map((part) => ({ ...part, text: visible(part.text) }));
}

/** How many UTF-16 units the first line of a text has, without styles, and how many lines there are: a stack trace has several. */
export function firstLineOf(text: string): { units: number; lineCount: number } {
  const lines = plainText(text).split('\n');
  return { units: lines[0]!.length, lineCount: lines.length };
}

function pushMarked(
  parts: MessagePart[],
  text: string,
  offset: number,
  style: string,
  isMarked: Set<number>,
): void {
  for (let start = 0; start < text.length;) {
    const isMark = isMarked.has(offset + start);
    let end = start + 1;
    while (end < text.length && isMarked.has(offset + end) === isMark) end++;
    parts.push({ text: text.slice(start, end), style, isMark });
    start = end;
  }
}

function markedUnits(marks: readonly number[]): Set<number> {
  const units = new Set<number>();
  for (let index = 0; index < marks.length; index += 2) {
    for (let unit = marks[index]!; unit < marks[index + 1]!; unit++) units.add(unit);
  }
  return units;
}

function styleClasses(style: TextStyle): string {
  const [color, background] = style.isInverse
    ? [style.background, style.color]
    : [style.color, style.background];
  const classes: string[] = [];
  if (color !== null) classes.push(`ansi-${color}`);
  if (background !== null) classes.push(`ansi-on-${background}`);
  if (style.isInverse && background === null) classes.push('ansi-inverse');
  if (style.isBold) classes.push('ansi-bold');
  if (style.isDim) classes.push('ansi-dim');
  if (style.isItalic) classes.push('ansi-italic');
  if (style.isUnderlined) classes.push('ansi-underlined');
  return classes.join(' ');
}
