/** A folder for one test, gone after it. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface TempFolder extends Disposable {
  readonly path: string;
  file(name: string): string;
}

export function makeTempFolder(): TempFolder {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'watchline-logs-')));
  return {
    path: folder,
    file: (name) => path.join(folder, name),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }),
  };
}
