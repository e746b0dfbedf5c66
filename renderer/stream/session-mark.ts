/**
 * Tells tabs of one session from those of another. The session itself is in a cookie no script can read; so each sign-in
 * writes a new mark, and tabs that were open before move to the new mark's room, where the stream is opened anew.
 */

/** A share has a session of its own beside the owner's, and so has its mark. */
function keyOf(share: string | null): string {
  return share === null ? 'watchline.session-mark' : `watchline.session-mark.${share}`;
}

/** '' where there is none yet, or storage is forbidden. */
export function readSessionMark(share: string | null = null): string {
  try {
    return localStorage.getItem(keyOf(share)) ?? '';
  } catch {
    return '';
  }
}

/** Call after a sign-in: the cookie is another one now. */
export function renewSessionMark(share: string | null = null): void {
  try {
    localStorage.setItem(keyOf(share), crypto.randomUUID?.() ?? String(Math.random()));
  } catch {
    // Forbidden or full: then other tabs go on with what they have until the hub ends it.
  }
}

/** Calls back when another tab signed in. Returns what ends it. */
export function onSessionMark(share: string | null, act: () => void): () => void {
  const listener = (event: StorageEvent): void => {
    if (event.key === keyOf(share)) act();
  };
  window.addEventListener('storage', listener);
  return () => window.removeEventListener('storage', listener);
}
