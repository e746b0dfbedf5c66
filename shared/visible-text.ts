/**
 * Makes text from outside safe to show: controls, terminal escapes, bidirectional overrides and
 * zero-width characters are replaced by something a person sees, and nothing obeys.
 */

// C0 except tab, DEL and C1, soft hyphen, bidi marks and isolates (Unicode TR9), zero-width and line separators, tags.
const unsafe =
  // eslint-disable-next-line no-control-regex -- finding control characters is this file's purpose
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** ESC becomes "␛", NUL "␀" (Unicode control pictures); what has no picture becomes "<U+202E>". */
export function visibleText(text: string): string {
  return text.replace(unsafe, picture);
}

/** The same where there is room for several lines, as of a stack trace: line ends stay. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visibleText).join('\n');
}

function picture(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
