/**
 * Tells tabs of one session from those of another. The session itself is in a cookie no script can read; so each sign-in
 * writes a new mark, and tabs that were open before move to the new mark's room, where the stream is opened anew.
 */

const key = 'watchline.session-mark';

/** '' where there is none yet, or storage is forbidden. */
export function readSessionMark(): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

/** Call after a sign-in: the cookie is another one now. */
export function renewSessionMark(): void {
  try {
    localStorage.setItem(key, crypto.randomUUID?.() ?? String(Math.random()));
  } catch {
    // Forbidden or full: then other tabs go on with what they have until the hub ends it.
  }
}

/** Calls back when another tab signed in. Returns what ends it. */
export function onSessionMark(act: () => void): () => void {
  const listener = (event: StorageEvent): void => {
    if (event.key === key) act();
  };
  window.addEventListener('storage', listener);
  return () => window.removeEventListener('storage', listener);
}
