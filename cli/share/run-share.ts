/** `watchline share`: making a link to this machine's hub, listing and revoking them. */
import { loadConfig, type Flags } from '../../hub/config/load-config.ts';
import { paths } from '../../shared/protocol.ts';
import { revokedAnswer, share, shareAnswer, sharesAnswer, type Share } from '../../shared/schema/shares.ts';
import { visibleText } from '../../shared/visible-text.ts';
import { askOwnHub } from '../ask-own-hub.ts';
import { RefusedError } from '../refused-error.ts';
import { hostIds } from './host-ids.ts';
import { shareTable } from './share-table.ts';
import { shareWishes } from './share-wishes.ts';

/** The link alone goes to stdout, for scripts; what a person is told besides to stderr. */
export async function runShareCreate(flags: Flags): Promise<number> {
  const { scope, ...wishes } = shareWishes(flags);
  const dataDir = await dataDirOf(flags);
  const hosts = await hostIds(dataDir, scope?.hosts ?? null);
  const answer = await askOwnHub(dataDir, shareAnswer, {
    method: 'POST',
    path: paths.shares,
    body: { ...wishes, scope: { ...scope, hosts } },
  });
  const made = answer!;
  if (flags['json'] === true) {
    process.stdout.write(`${JSON.stringify(made)}\n`);
    return 0;
  }
  const ends =
    made.share.expiresAt === null
      ? 'until it is revoked'
      : `until ${new Date(made.share.expiresAt).toLocaleString()}`;
  process.stderr.write(`Whoever has this link may watch, ${ends}. It is told this once:\n\n`);
  process.stdout.write(`${visibleText(made.link)}\n`);
  if (made.authority !== null)
    process.stderr.write(`\nTools need its certificate first: save ${made.authority} as watchline-ca.crt\n`);
  process.stderr.write(`\nThe stream, for tools:\n  ${visibleText(made.curl)}\n`);
  if (made.base.warning !== null) process.stderr.write(`\nWarning: ${visibleText(made.base.warning)}\n`);
  return 0;
}

export async function runShareList(flags: Flags): Promise<number> {
  // `watchline share list | head` has read enough: nothing is wrong.
  process.stdout.on('error', () => undefined);
  const shares = await listShares(await dataDirOf(flags));
  if (flags['json'] === true) {
    for (const each of shares) process.stdout.write(`${JSON.stringify(each)}\n`);
  } else if (shares.length === 0) {
    process.stderr.write('Nothing is shared. "watchline share create" makes a link.\n');
  } else process.stdout.write(shareTable(shares, Date.now()));
  return 0;
}

/** `wanted`: a label or an id, as the list shows them; null: all that are open. */
export async function runShareRevoke(wanted: string | null, flags: Flags): Promise<number> {
  const dataDir = await dataDirOf(flags);
  if (wanted === null) {
    const answer = await askOwnHub(dataDir, revokedAnswer, { method: 'DELETE', path: paths.shares });
    const { revoked } = answer!;
    const what =
      revoked === 1 ? '1 share link: nobody watches by it' : `${revoked} share links: nobody watches by them`;
    process.stderr.write(`Revoked ${what} any more.\n`);
    return 0;
  }
  const { id, label } = shareNamed(wanted, await listShares(dataDir));
  await askOwnHub(dataDir, share, { method: 'DELETE', path: `${paths.shares}/${id}` });
  process.stderr.write(`Revoked ${visibleText(label)} (${id}): nobody watches by it any more.\n`);
  return 0;
}

/** An id is one share's alone; a label may be several's. Throws a `RefusedError` where it is none's, or not clear whose. */
function shareNamed(wanted: string, shares: readonly Share[]): Share {
  const byId = shares.find(({ id }) => id === wanted);
  const open = shares.filter(
    ({ state, label }) => label === wanted && (state === 'open' || state === 'paused'),
  );
  if (byId) return byId;
  if (open.length === 1) return open[0]!;
  throw open.length === 0
    ? new RefusedError(
        `No share is called ${JSON.stringify(wanted)}.`,
        '"watchline share list" lists labels and ids.',
      )
    : new RefusedError(
        `Several shares are called ${JSON.stringify(wanted)}.`,
        `Name one by its id: ${open.map(({ id }) => id).join(', ')}.`,
      );
}

async function dataDirOf(flags: Flags): Promise<string> {
  const { hub } = await loadConfig({ flags: { data: flags['data'], config: flags['config'] } });
  return hub.dataDir;
}

async function listShares(dataDir: string): Promise<Share[]> {
  const answer = await askOwnHub(dataDir, sharesAnswer, { method: 'GET', path: paths.shares });
  return answer!.shares;
}
