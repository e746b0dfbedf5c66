/**
 * Patterns with `*` for any text and `?` for any one character, whatever the case. Tried by hand and not as a regular expression:
 * several stars there take time that grows with a power of the text's length, and texts are chosen by whoever writes a log.
 */

/** Whether a whole text fits. Takes at most the product of both lengths. */
export function globTest(glob: string): (text: string) => boolean {
  const pattern = glob.toLowerCase();
  return (text) => fits(pattern, text.toLowerCase());
}

/** Greedy: where the rest does not fit, the newest star takes one character more. Earlier ones need never be tried again. */
function fits(pattern: string, text: string): boolean {
  let at = 0;
  let starAt = -1;
  let taken = 0;
  for (let place = 0; place < text.length;) {
    const wanted = pattern[at];
    if (wanted === '*') {
      starAt = at++;
      taken = place;
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[place])) {
      at++;
      place++;
    } else if (starAt >= 0) {
      at = starAt + 1;
      place = ++taken;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
