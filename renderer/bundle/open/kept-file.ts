/**
 * The file of the bundle that this tab shows, kept by the browser from the page it was dropped on to the page that shows it, and for
 * when that is loaded again. It is forgotten when the bundle is closed, and otherwise after a day.
 */

interface KeptFile {
  id: string;
  /** Epoch milliseconds. */
  keptAt: number;
  file: Blob;
}

const DATABASE = 'watchline-bundles';
const STORE = 'files';
/** Of this tab alone: others may show other bundles. */
const TAB_KEY = 'watchline.bundle';
const KEPT_MS = 24 * 3_600_000;

/** In the place of what this tab kept before. Rejects where the browser keeps nothing. */
export async function keepFile(file: Blob): Promise<void> {
  await forgetFile();
  const id = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  await inStore('readwrite', (files) => {
    const request = files.getAll();
    request.onsuccess = () => {
      for (const kept of request.result as KeptFile[]) {
        if (kept.keptAt < Date.now() - KEPT_MS) files.delete(kept.id);
      }
    };
    return files.put({ id, keptAt: Date.now(), file } satisfies KeptFile);
  });
  sessionStorage.setItem(TAB_KEY, id);
}

/** Null: this tab has none. */
export async function keptFile(): Promise<Blob | null> {
  const id = tabId();
  if (id === null) return null;
  const kept = await inStore('readonly', (files) => files.get(id) as IDBRequest<KeptFile | undefined>).catch(
    () => undefined,
  );
  return kept?.file ?? null;
}

export async function forgetFile(): Promise<void> {
  const id = tabId();
  if (id === null) return;
  sessionStorage.removeItem(TAB_KEY);
  await inStore('readwrite', (files) => files.delete(id)).catch(() => undefined);
}

function tabId(): string | null {
  try {
    return sessionStorage.getItem(TAB_KEY);
  } catch {
    return null;
  }
}

/** One transaction over the files; resolves once it is on the disk. */
async function inStore<Value>(
  mode: IDBTransactionMode,
  ask: (files: IDBObjectStore) => IDBRequest<Value>,
): Promise<Value> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'id' });
  const database = await resultOf(opening);
  try {
    const transaction = database.transaction(STORE, mode);
    const request = ask(transaction.objectStore(STORE));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(asError(transaction.error));
    });
    return request.result;
  } finally {
    database.close();
  }
}

function resultOf<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(asError(request.error));
  });
}

function asError(cause: DOMException | null): Error {
  return new Error('The browser could not keep the file', { cause });
}
