/** What the running hub of this machine leaves in its data folder, readable by its user alone: where and with which token. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

const runtime = z.object({ url: z.url(), token: z.string().min(1), pid: z.int().min(1) });
export type Runtime = z.infer<typeof runtime>;

/** Null where no hub runs on this folder, or its file is not readable. */
export async function readRuntimeFile(dataDir: string): Promise<Runtime | null> {
  const text = await readFile(join(dataDir, 'hub.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return runtime.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
