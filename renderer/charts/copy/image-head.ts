/** How the head of a chart's image is laid out: what it is of, and its time beside it, or under it where the image is narrow. */

export interface ImageHead {
  /** What the chart is of, cut where it is wider than the image. */
  title: string;
  /** The time has a line of its own. */
  isInTwo: boolean;
}

export interface ImageHeadOptions {
  title: string;
  /** Pixels of the time in its own font. */
  stretchWidth: number;
  /** Pixels that there are for both. */
  width: number;
  /** Pixels of a text in the title's font. */
  measure: (text: string) => number;
}

/** Between the title and the time, in pixels. */
const GAP = 16;

/** Letters are never pressed together: an image is looked at beside others. */
export function imageHead({ title, stretchWidth, width, measure }: ImageHeadOptions): ImageHead {
  return { title: cutTo(title, width, measure), isInTwo: measure(title) + GAP + stretchWidth > width };
}

function cutTo(text: string, width: number, measure: (text: string) => number): string {
  if (measure(text) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && measure(`${letters.join('')}\u2026`) > width) letters.pop();
  return `${letters.join('').trimEnd()}\u2026`;
}
