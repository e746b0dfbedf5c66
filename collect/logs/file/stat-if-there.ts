/** What is under a path, where something is. */
import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Null: nothing is. Throws what else stands in the way. */
export async function statIfThere(file: string): Promise<BigIntStats | null> {
  try {
    return await stat(file, { bigint: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
