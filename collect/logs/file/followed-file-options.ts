/** What the follower of one file is given, and whom it tells. */
import type { OnLine } from '../line-splitter.ts';
import type { Room } from '../room.ts';
import type { SourceStatus } from '../source-status.ts';
import type { AllowList } from './allow-list.ts';
import type { FollowedFile } from './followed-file.ts';
import type { KeptFile } from './kept-positions.ts';
import type { PositionLedger } from './position-ledger.ts';
import type { ReadBuffers } from './read-buffers.ts';

export interface FollowedFileOptions {
  path: string;
  allowList: AllowList;
  ledger: PositionLedger<FollowedFile>;
  buffers: ReadBuffers;
  /** Least time between two reads, in milliseconds. */
  readPauseMs: number;
  status: SourceStatus;
  onLine: OnLine;
  /** Bytes are known to be lost: a truncation came before they were read. `since`: epoch ms of the last read. */
  onLoss: (since: number) => void;
  /** The follower opened a file: its `realPath` may be another one now. */
  onOpened: (follower: FollowedFile) => void;
  /** Polling found bytes that no watch had told. */
  onMissedChange: (follower: FollowedFile) => void;
  /** Bytes read at first from the end of a file that was there before; null: from its start. */
  backlogBytes: number | null;
  /** Where an earlier start of this program got to; null: nowhere. */
  kept: KeptFile | null;
  /** Epoch nanoseconds of that earlier start's end: a file born later is read from its start. Null: there was none. */
  keptAtNs: bigint | null;
  /** A rotated file is looked at until nothing was written to it for this long, in milliseconds. */
  lingerMs: number;
  /** While there is none, nothing is read. */
  room: Room;
}
