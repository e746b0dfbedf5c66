/** Where the project and its parts are. */
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

export function inProject(...parts: string[]): string {
  return join(root, ...parts);
}
