/** Finds out whether the desktop app can run here: a display, and Electron's runtime. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './project.ts';

/** Downloading the runtime (about 120 MB) may take this long; a blocked network fails in under a second. */
const DOWNLOAD_LIMIT_MS = 180_000;

export interface DesktopAnswer {
  /** The runtime's path; null: no desktop app, for `reason`. */
  program: string | null;
  reason: string;
}

export async function findDesktop(): Promise<DesktopAnswer> {
  if (!hasDisplay()) return { program: null, reason: 'there is no display' };
  const known = installedRuntime();
  if (known !== null) return { program: known, reason: '' };
  const fetched = (await fetchRuntime()) ? installedRuntime() : null;
  if (fetched !== null) return { program: fetched, reason: '' };
  return { program: null, reason: "Electron's runtime could not be downloaded" };
}

export function hasDisplay(platform = process.platform, env = process.env): boolean {
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/** As electron's own index.js finds it, without its download. */
export function installedRuntime(): string | null {
  const nameFile = inProject('node_modules', 'electron', 'path.txt');
  const name = existsSync(nameFile) ? readFileSync(nameFile, 'utf8') : 'electron';
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? inProject('node_modules', 'electron', 'dist');
  const program = join(folder, name);
  return existsSync(program) ? program : null;
}

/** Runs the electron package's own installer, which checks what it fetched against its list of hashes. */
function fetchRuntime(): Promise<boolean> {
  process.stderr.write("Fetching Electron's runtime ...\n");
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [inProject('node_modules', 'electron', 'install.js')], {
      stdio: 'ignore',
      timeout: DOWNLOAD_LIMIT_MS,
    });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}
