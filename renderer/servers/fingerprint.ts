/** Public keys as people compare them. */

/** "A3F2-91..": enough to see at a glance whether it is another one. */
export function shortKey(pin: string): string {
  const hex = hexOf(pin);
  return hex.length < 6 ? pin : `${hex.slice(0, 4)}-${hex.slice(4, 6)}..`;
}

/** The whole of it, in groups of four: "A3F2-91B0-...". */
export function wholeKey(pin: string): string {
  const hex = hexOf(pin);
  return hex === '' ? pin : hex.match(/.{1,4}/g)!.join('-');
}

/** Upper-case hex of `sha256/<base64url>`, or of hex written with colons or without. '' for anything else. */
function hexOf(pin: string): string {
  const encoded = /^sha256\/([\w-]+)=*$/.exec(pin)?.[1];
  if (encoded === undefined)
    return /^[\da-f:\- ]+$/i.test(pin) ? pin.replace(/[^\da-f]/gi, '').toUpperCase() : '';
  try {
    const bytes = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
    return Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0'))
      .join('')
      .toUpperCase();
  } catch {
    return '';
  }
}
