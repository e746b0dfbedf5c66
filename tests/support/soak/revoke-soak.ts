/** Taking a token or a share back that many streams were opened with: when the last of them is over, and what each of them heard. */
import { tokenAnswer } from '../../../shared/schema/access.ts';
import { startHubProcess, type HubProcess } from '../hub-process.ts';
import { makeShare } from '../share-client.ts';
import { until } from '../until.ts';
import { DrainReader } from './drain-reader.ts';

export interface RevokeSoakResult {
  streams: number;
  /** Streams that ended with `bye`, told that it was revoked. */
  byes: number;
  /** From the owner's request to the end of the last stream, and of half of them. */
  lastMs: number;
  medianMs: number;
  /** From the owner's request to its answer. */
  answerMs: number;
  /** Streams of the owner that were ended with them. */
  othersEnded: number;
}

/** Connections opened at once: below the kernel's queue of those that wait. */
const OPENED_AT_ONCE = 100;
const OWN_STREAMS = 10;
/** Few: with 5,000 readers that is 5,000 writes a second already. */
const LINES_PER_SECOND = 1;
/** What the hub keeps for its owner. */
const SPARE = 100;

export type RevokedKind = 'token' | 'share';

/** Lines flow meanwhile, so that what is written to the streams has to end as well. */
export async function soakRevoke(kind: RevokedKind, streams: number): Promise<RevokeSoakResult> {
  const maxStreams = streams + OWN_STREAMS + SPARE;
  await using hub = await startHubProcess({ hub: { maxStreams } });
  const { token, address } = kind === 'token' ? await makeToken(hub) : await makeLink(hub);
  using opened = new DisposableStack();
  const owners = await openReaders(opened, OWN_STREAMS, hub.port, hub.ownerToken);
  const readers = await openReaders(opened, streams, hub.port, token);
  await hub.publish(LINES_PER_SECOND);
  await until('a line on every stream', () => readers.every(({ newest }) => newest >= 0), 30_000);

  const endedAt: number[] = [];
  const allEnded = readers.map(({ closed }) => closed.then(() => endedAt.push(performance.now())));
  const askedAt = performance.now();
  await hub.ask('DELETE', address);
  const answerMs = performance.now() - askedAt;
  await Promise.all(allEnded);
  const times = endedAt.map((at) => at - askedAt).sort((a, b) => a - b);
  return {
    streams,
    byes: readers.filter(({ bye }) => bye?.reason === 'revoked').length,
    lastMs: times.at(-1)!,
    medianMs: times[Math.floor(times.length / 2)]!,
    answerMs,
    othersEnded: OWN_STREAMS - (await streamsOpen(hub, owners)),
  };
}

async function openReaders(
  opened: DisposableStack,
  count: number,
  port: number,
  ownerToken: string,
): Promise<DrainReader[]> {
  const readers: DrainReader[] = [];
  while (readers.length < count) {
    const some = Array.from({ length: Math.min(OPENED_AT_ONCE, count - readers.length) }, () =>
      opened.use(new DrainReader({ port, ownerToken })),
    );
    await until('streams to open', () => some.every(({ isReady }) => isReady));
    readers.push(...some);
  }
  return readers;
}

/** What opens the streams, and the address that takes it back. */
interface Revocable {
  token: string;
  address: string;
}

async function makeToken(hub: HubProcess): Promise<Revocable> {
  const answer = await hub.ask('POST', '/api/v1/tokens', { name: 'soak', scopes: ['read'] });
  const { token, entry } = tokenAnswer.parse(await answer.json());
  return { token, address: `/api/v1/tokens/${entry.id}` };
}

async function makeLink(hub: HubProcess): Promise<Revocable> {
  const { token, share } = await makeShare(hub, { scope: { since: 0 } });
  return { token, address: `/api/v1/shares/${share.id}` };
}

/** By the hub's own count, once it has let go of all others. */
async function streamsOpen(hub: HubProcess, owners: readonly DrainReader[]): Promise<number> {
  await until('the hub to let go of the others', async () => (await hub.streams()) <= owners.length);
  return hub.streams();
}
