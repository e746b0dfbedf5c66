/** What `watchline hub` prints once it serves. */
import { paths } from '../../shared/protocol.ts';
import { visibleText } from '../../shared/visible-text.ts';

export interface Announced {
  /** "http://127.0.0.1:7400" */
  url: string;
  token: string;
  /** With a ticket that opens the page once. */
  launchUrl: string;
}

export function announcement({ url, token, launchUrl }: Announced, dataDir: string): string {
  return `Watchline watches this machine. Open its dashboard, by a link that works once:

  ${launchUrl}

or read the raw stream:

  curl -N -H "Authorization: Bearer ${token}" ${new URL(paths.stream, url).href}

It keeps its files in ${visibleText(dataDir)}. Ctrl-C ends it.
`;
}
