/** What `watchline hub` prints once it serves. */
import type { RunningHub } from '../../hub/start-hub.ts';
import type { ReachBase } from '../../shared/schema/reach.ts';
import { paths } from '../../shared/protocol.ts';
import { visibleText } from '../../shared/visible-text.ts';

export function announcement(
  hub: Pick<RunningHub, 'origin' | 'ownerToken' | 'launchUrl' | 'certificate' | 'base'>,
  dataDir: string,
): string {
  const trust = hub.certificate === null ? '' : `--cacert ${shellWord(hub.certificate.file)} `;
  return `Watchline watches this machine. Open its dashboard, by a link that works once:

  ${hub.launchUrl()}

or read the raw stream:

  curl -N ${trust}-H "Authorization: Bearer ${hub.ownerToken}" ${new URL(paths.stream, hub.origin).href}

${certificateText(hub.certificate)}${othersText(hub.base())}It keeps its files in ${visibleText(dataDir)}. Ctrl-C ends it.
`;
}

/** Where it is reached besides this machine; nothing where it is not. */
function othersText({ kind, url, warning }: ReachBase): string {
  if (kind === 'loopback') return '';
  return `Others reach it at ${url}, by a link you share.${warning === null ? '' : ` ${warning}`}

`;
}

/** A browser that does not know the certificate asks its owner, who can compare the two. */
function certificateText(certificate: RunningHub['certificate']): string {
  if (certificate === null) return '';
  return `Its certificate has the SHA-256 fingerprint

  ${certificate.fingerprint}

`;
}

/** A path that a shell reads as one word. */
function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
