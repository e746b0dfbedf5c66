/**
 * The file of the bundle that a tab shows, kept by the browser from the page it was dropped on to the page that shows it, and for when
 * that is loaded again. It is forgotten when the bundle is closed, and otherwise after a day.
 */
import { readTabBundle, writeTabBundle } from './tab-bundle.ts';

export interface KeptFile {
  id: string;
  /** Epoch milliseconds. */
  keptAt: number;
  file: Blob;
  /** Path of the page it was dropped on, to go back to. */
  home: string;
}

const DATABASE = 'watchline-bundles';
const STORE = 'files';
const KEPT_MS = 24 * 3_600_000;

/** In the place of what this tab showed before. Rejects where the browser keeps nothing. */
export async function keepFile(file: Blob, home: string): Promise<void> {
  await forgetFile();
  const id = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  await inStore('readwrite', (files) => {
    const request = files.getAll();
    request.onsuccess = () => {
      for (const kept of request.result as KeptFile[]) {
        if (kept.keptAt < Date.now() - KEPT_MS) files.delete(kept.id);
      }
    };
    return files.put({ id, keptAt: Date.now(), file, home } satisfies KeptFile);
  });
  writeTabBundle({ kind: 'kept', id });
}

/** Null: the browser has let go of it. */
export async function keptFile(id: string): Promise<KeptFile | null> {
  const kept = await inStore('readonly', (files) => files.get(id) as IDBRequest<KeptFile | undefined>).catch(
    () => undefined,
  );
  return kept ?? null;
}

/** Of this tab. */
export async function forgetFile(): Promise<void> {
  const shown = readTabBundle();
  if (shown === null) return;
  writeTabBundle(null);
  if (shown.kind === 'kept')
    await inStore('readwrite', (files) => files.delete(shown.id)).catch(() => undefined);
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
