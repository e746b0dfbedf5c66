/** Where the built page lies: beside the built command. */
import { join } from 'node:path';

/** Null when run from source, without a build: the hub then serves its stream alone. */
export function findPageDir(): string | null {
  // The build makes CommonJS, which has `__dirname` and no `import.meta`.
  return typeof __dirname === 'string' ? join(__dirname, '..', 'renderer') : null;
}
