/** Hosts as people name them in `watchline share create --host`. */
import { paths } from '../../shared/protocol.ts';
import { hostsAnswer } from '../../shared/snapshot.ts';
import { askOwnHub } from '../ask-own-hub.ts';
import { RefusedError } from '../refused-error.ts';

/**
 * The id of each. An id is one host's alone; a name may be several's. Null: none are named. Throws a `RefusedError` where the hub knows none
 * of that name, or several.
 */
export async function hostIds(dataDir: string, wanted: readonly string[] | null): Promise<string[] | null> {
  if (wanted === null) return null;
  const answer = await askOwnHub(dataDir, hostsAnswer, { method: 'GET', path: paths.hosts });
  const hosts = answer!.hosts.map(({ host }) => host);
  return wanted.map((word) => {
    if (hosts.some(({ id }) => id === word)) return word;
    const named = hosts.filter(({ name }) => name === word);
    if (named.length === 1) return named[0]!.id;
    throw named.length === 0
      ? new RefusedError(
          `This hub knows no host ${JSON.stringify(word)}.`,
          'Name hosts as the dashboard does, or by their ids.',
        )
      : new RefusedError(
          `Several hosts are called ${JSON.stringify(word)}.`,
          `Name one by its id: ${named.map(({ id }) => id).join(', ')}.`,
        );
  });
}
