/** Which of the wanted log files this user may read. */
import { access, constants, glob } from 'node:fs/promises';
import type { Config } from '../../hub/config/config.ts';
import { ok, warn, type Finding } from './check.ts';

const MAX_LOOKED_AT = 2_000;
const MAX_NAMED = 5;

export async function checkLogs({ agent: { logs } }: Config): Promise<Finding[]> {
  const denied: string[] = [];
  let readable = 0;
  // A folder that may not be listed has no files here; the folder's own warning is the hub's to give.
  for await (const file of glob([...logs.files])) {
    const mayRead = await access(file, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (mayRead) readable += 1;
    else denied.push(file);
    if (readable + denied.length >= MAX_LOOKED_AT) break;
  }
  const findings: Finding[] = [];
  if (denied.length > 0) {
    const named = denied.slice(0, MAX_NAMED).join(', ');
    const more = denied.length > MAX_NAMED ? ` and ${denied.length - MAX_NAMED} more` : '';
    const remedy =
      'To see them, add this user to the group that owns them (on Debian: sudo usermod -aG adm $USER), then log in anew.';
    findings.push(warn(`${denied.length} log files may not be read: ${named}${more}`, remedy));
  }
  if (readable > 0) findings.unshift(ok(`${readable} log files can be read`));
  else if (denied.length === 0)
    findings.push(warn('no log files are there', 'Name those to follow with --logs.'));
  return findings;
}
