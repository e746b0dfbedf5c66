/** Colours for a terminal that wants them; plain text otherwise. */
import type { LogLevel } from '../../shared/log-level.ts';

export type Paint = (text: string, style: Style) => string;
export type Style = LogLevel | 'muted' | 'notice';

/** SGR parameters (ECMA-48): the terminal's own sixteen colours, which its owner chose to be readable. */
const codes: Record<Style, string> = {
  trace: '2',
  debug: '2',
  info: '36',
  warn: '33',
  error: '31',
  fatal: '1;31',
  muted: '2',
  notice: '35',
};

export function createPaint(hasColour: boolean): Paint {
  return hasColour ? (text, style) => `\u001b[${codes[style]}m${text}\u001b[0m` : (text) => text;
}
