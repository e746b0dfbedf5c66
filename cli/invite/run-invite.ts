/** `watchline invite`: the line that pairs another machine with this machine's hub. */
import { loadConfig, type Flags } from '../../hub/config/load-config.ts';
import { paths } from '../../shared/protocol.ts';
import { invitationAnswer } from '../../shared/schema/servers.ts';
import { visibleText } from '../../shared/visible-text.ts';
import { askOwnHub } from '../ask-own-hub.ts';

/** The line alone goes to stdout, for scripts; what a person is told besides to stderr. */
export async function runInvite(flags: Flags): Promise<number> {
  const { hub } = await loadConfig({ flags: { data: flags['data'], config: flags['config'] } });
  const invitation = await askOwnHub(hub.dataDir, invitationAnswer, {
    method: 'POST',
    path: paths.invitations,
    body: { hubUrl: flags['url'] ?? null, group: flags['group'] ?? null },
  });
  const { lines, warning, expires } = invitation!;
  const minutes = Math.max(1, Math.round((expires - Date.now()) / 60_000));
  process.stderr.write(`Run this on the machine to watch. It works once, within ${minutes} minutes:\n\n`);
  process.stdout.write(`${visibleText(lines.linux)}\n`);
  if (warning !== null) process.stderr.write(`\nWarning: ${visibleText(warning)}\n`);
  return 0;
}
