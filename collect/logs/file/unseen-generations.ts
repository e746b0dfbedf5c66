/** Which of the other files of a log's name are news: written to of late, and neither read before nor a copy of what is being read. */
import { beginsAs, markOf } from './byte-mark.ts';
import { openGenerations, type FoundGeneration } from './earlier-generations.ts';
import { fileId, type FileGeneration } from './file-generation.ts';
import type { SeenPosition } from './kept-positions.ts';
import type { PositionLedger } from './position-ledger.ts';
import { OVERLAP_BYTES, readBytes, readHead, type ReadContent } from './read-content.ts';
import type { SeenGenerations } from './seen-generations.ts';

export interface UnseenGenerations {
  /** Oldest first; the caller closes the handles. */
  found: FoundGeneration[];
  /** Left out were copies of an open file that was not read so far: it may be truncated before it is, so they are to be asked for again. */
  hasUndecided: boolean;
  /** The ends of copies of `truncated`. */
  copies: SeenPosition[];
}

export interface UnseenOptions {
  path: string;
  ledger: Pick<PositionLedger<unknown>, 'isFollowed' | 'position'>;
  seen: SeenGenerations;
  /** What is being read. */
  open: readonly FileGeneration[];
  /** What a file held, as far as it was read, that was truncated just now. */
  truncated: ReadContent | null;
}

export async function findUnseen(options: UnseenOptions): Promise<UnseenGenerations> {
  const { path, ledger, seen, open, truncated } = options;
  const recent = await openGenerations(
    path,
    (stats) => stats.size > 0n && seen.isRecent(stats) && !ledger.isFollowed(fileId(stats)),
  );
  const unseen: UnseenGenerations = { found: [], hasUndecided: false, copies: [] };
  for (const generation of recent) {
    const original = await originalOf(generation, open);
    const isNews = original === null && !(await isRead(generation, ledger));
    if (isNews && truncated !== null && (await isCopyOf(truncated, generation))) {
      unseen.copies.push(await endOf(generation));
    } else if (isNews) {
      unseen.found.push(generation);
      continue;
    }
    await generation.handle.close();
    unseen.hasUndecided ||= original?.offset === 0;
  }
  return unseen;
}

async function isRead({ id, handle }: FoundGeneration, ledger: UnseenOptions['ledger']): Promise<boolean> {
  const known = ledger.position(id);
  // A position without a head proves nothing: another file may have the inode by now.
  return known !== null && known.head.bytes > 0 && beginsAs(await readHead(handle), known.head);
}

async function isCopyOf(content: ReadContent, { handle, stats }: FoundGeneration): Promise<boolean> {
  return (await content.likenessOf(handle, Number(stats.size)).catch(() => 'none')) !== 'none';
}

async function endOf({ id, handle, stats }: FoundGeneration): Promise<SeenPosition> {
  const offset = Number(stats.size);
  const [head, overlap] = [await readHead(handle), await readBytes(handle, offset - OVERLAP_BYTES, offset)];
  const position = { id, head: markOf(head), offset, overlap: markOf(overlap), isMidLine: false };
  return { ...position, writtenNs: stats.mtimeNs.toString() };
}

/** The open file that the found one is a copy of; null where it is none. */
async function originalOf(
  { handle, stats }: FoundGeneration,
  open: readonly FileGeneration[],
): Promise<FileGeneration | null> {
  for (const generation of open) {
    if (await generation.isCopiedBy(handle, Number(stats.size)).catch(() => false)) return generation;
  }
  return null;
}
