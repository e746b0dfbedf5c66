/** What `watchline hub` prints once it serves. */
import type { RunningHub } from '../../hub/start-hub.ts';
import { paths } from '../../shared/protocol.ts';
import { visibleText } from '../../shared/visible-text.ts';

export function announcement(
  hub: Pick<RunningHub, 'origin' | 'ownerToken' | 'launchUrl'>,
  dataDir: string,
): string {
  return `Watchline watches this machine. Open its dashboard, by a link that works once:

  ${hub.launchUrl()}

or read the raw stream:

  curl -N -H "Authorization: Bearer ${hub.ownerToken}" ${new URL(paths.stream, hub.origin).href}

It keeps its files in ${visibleText(dataDir)}. Ctrl-C ends it.
`;
}
