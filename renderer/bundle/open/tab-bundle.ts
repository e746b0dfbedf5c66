/** Which bundle this tab shows when its page is loaded again: one that a command serves, or one that the browser keeps. */

export type TabBundle = { kind: 'served'; key: string } | { kind: 'kept'; id: string };

/** Of this tab alone: others may show other bundles. */
const STORAGE_KEY = 'watchline.bundle';

/** Null: none. */
export function readTabBundle(): TabBundle | null {
  try {
    const [kind, name] = (sessionStorage.getItem(STORAGE_KEY) ?? '').split(' ', 2);
    if (name === undefined) return null;
    return kind === 'served' ? { kind, key: name } : { kind: 'kept', id: name };
  } catch {
    return null;
  }
}

/** In the place of the one before. Throws where the browser forbids storage. */
export function writeTabBundle(bundle: TabBundle | null): void {
  if (bundle === null) sessionStorage.removeItem(STORAGE_KEY);
  else
    sessionStorage.setItem(
      STORAGE_KEY,
      `${bundle.kind} ${bundle.kind === 'served' ? bundle.key : bundle.id}`,
    );
}
