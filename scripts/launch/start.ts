/** `npm start`: the desktop app where it can run, else the same hub without a window. */
import { findDesktop } from './electron-runtime.ts';
import { inProject, root } from './project.ts';
import { runChild, runNode } from './run-child.ts';
import { hubNodeFlags } from '../../cli/launcher/node-flags.mjs';

export async function start(parameters: string[]): Promise<number> {
  if (wantsNoWindow(parameters)) return startHub(parameters.filter((word) => word !== '--headless'));
  const desktop = await findDesktop();
  if (desktop.program !== null) return runChild(desktop.program, [...rootFlags(), root, ...parameters]);
  process.stderr.write(
    `No desktop window: ${desktop.reason}. Serving the dashboard to the browser instead.\n`,
  );
  return startHub(parameters);
}

function wantsNoWindow(parameters: string[]): boolean {
  const wish = process.env['WATCHLINE_HEADLESS'];
  return parameters.includes('--headless') || wish === '1' || wish === 'true';
}

function startHub(parameters: string[]): Promise<number> {
  return runNode([...hubNodeFlags, inProject('dist', 'cli', 'watchline.cjs'), 'hub', ...parameters]);
}

/** Chromium refuses its sandbox to root, and would end without a window. */
function rootFlags(): string[] {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
