/** The system's own measuring tools, as witnesses. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const runFile = promisify(execFile);

export function hasTool(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The tool's output in the language all understand. */
export async function runTool(name: string, ...args: string[]): Promise<string> {
  const { stdout } = await runFile(name, args, { env: { ...process.env, LC_ALL: 'C' }, timeout: 15_000 });
  return stdout;
}
