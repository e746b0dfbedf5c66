/**
 * Terminal styles in log text (ECMA-48 SGR, `ESC [ ... m`): read into runs with one of sixteen colours, or
 * taken out. No other escape is understood: it stays in the text, where `visibleText` shows it.
 */

export interface TextStyle {
  /** 0-7 black, red, green, yellow, blue, magenta, cyan, white; 8-15 the bright ones. Null: the page's own. */
  color: number | null;
  background: number | null;
  isBold: boolean;
  isDim: boolean;
  isItalic: boolean;
  isUnderlined: boolean;
  isInverse: boolean;
}

export interface TextRun {
  text: string;
  /** Null: plain. */
  style: TextStyle | null;
}

// eslint-disable-next-line no-control-regex -- the escape character begins what is sought
const styleEscape = /\u001b\[([0-9;:]{0,48})m/g;

const plain: TextStyle = {
  color: null,
  background: null,
  isBold: false,
  isDim: false,
  isItalic: false,
  isUnderlined: false,
  isInverse: false,
};

/** The text without its styles. */
export function plainText(text: string): string {
  return text.includes('\u001b[') ? text.replace(styleEscape, '') : text;
}

/** The runs of a text; their texts joined are `plainText(text)`. */
export function styledRuns(text: string): TextRun[] {
  if (!text.includes('\u001b[')) return [{ text, style: null }];
  const runs: TextRun[] = [];
  let style = plain;
  let at = 0;
  for (const match of text.matchAll(styleEscape)) {
    push(runs, text.slice(at, match.index), style);
    style = styleAfter(style, match[1]!);
    at = match.index + match[0].length;
  }
  push(runs, text.slice(at), style);
  return runs.length > 0 ? runs : [{ text: '', style: null }];
}

function push(runs: TextRun[], text: string, style: TextStyle): void {
  if (text !== '') runs.push({ text, style: style === plain ? null : style });
}

function styleAfter(before: TextStyle, parameters: string): TextStyle {
  const codes = parameters.split(/[;:]/).map(Number);
  let style = { ...before };
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at]!;
    if (code === 0) style = { ...plain };
    else if (code === 38 || code === 48) {
      const [color, used] = extendedColor(codes, at + 1);
      if (code === 38) style.color = color;
      else style.background = color;
      at += used;
    } else apply(style, code);
  }
  return isPlain(style) ? plain : style;
}

function apply(style: TextStyle, code: number): void {
  if (code === 1) style.isBold = true;
  else if (code === 2) style.isDim = true;
  else if (code === 3) style.isItalic = true;
  else if (code === 4) style.isUnderlined = true;
  else if (code === 7) style.isInverse = true;
  else if (code === 22) style.isBold = style.isDim = false;
  else if (code === 23) style.isItalic = false;
  else if (code === 24) style.isUnderlined = false;
  else if (code === 27) style.isInverse = false;
  else if (code >= 30 && code <= 37) style.color = code - 30;
  else if (code === 39) style.color = null;
  else if (code >= 40 && code <= 47) style.background = code - 40;
  else if (code === 49) style.background = null;
  else if (code >= 90 && code <= 97) style.color = code - 82;
  else if (code >= 100 && code <= 107) style.background = code - 92;
}

/** The colour after a 38 or 48, as one of the sixteen, and how many codes spelt it. */
function extendedColor(codes: readonly number[], at: number): [color: number | null, used: number] {
  if (codes[at] === 5) return [paletteColor(codes[at + 1] ?? -1), 2];
  if (codes[at] === 2) return [nearestColor(codes[at + 1] ?? 0, codes[at + 2] ?? 0, codes[at + 3] ?? 0), 4];
  return [null, 0];
}

/** The 256 colours of xterm: sixteen, a cube of 6x6x6, and 24 greys. */
function paletteColor(index: number): number | null {
  if (!(index >= 0 && index <= 255)) return null;
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232);
    return nearestColor(grey, grey, grey);
  }
  const cube = index - 16;
  return nearestColor(step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6));
}

function step(level: number): number {
  return level === 0 ? 0 : 55 + 40 * level;
}

/** By hue, not by distance: each theme has its own sixteen. Channels 0-255. */
function nearestColor(red: number, green: number, blue: number): number {
  const brightest = Math.max(red, green, blue);
  if (brightest - Math.min(red, green, blue) < 24) {
    if (brightest < 64) return 0;
    if (brightest < 144) return 8;
    return brightest < 224 ? 7 : 15;
  }
  const half = brightest / 2;
  const hue = (red > half ? 1 : 0) + (green > half ? 2 : 0) + (blue > half ? 4 : 0);
  return brightest > 224 ? hue + 8 : hue;
}

function isPlain(style: TextStyle): boolean {
  return (
    style.color === null &&
    style.background === null &&
    !style.isBold &&
    !style.isDim &&
    !style.isItalic &&
    !style.isUnderlined &&
    !style.isInverse
  );
}
