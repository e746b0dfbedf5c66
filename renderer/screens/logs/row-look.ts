/** How rows of a list are drawn: the same for all of them, changed as a whole. */
import type { StatusLook } from '../../components/status.ts';

export interface RowLook {
  isUtc: boolean;
  /** Not all lines are of today. */
  showsDay: boolean;
  /** Lines of several hosts are mixed. */
  showsHost: boolean;
  /** Two storeys: time, level and source above the message. */
  isNarrow: boolean;
  isWrapping: boolean;
  hostName: (hostId: string) => string;
  /** What there is to say of a host's status; null: it is live, or not known. */
  hostStatus: (hostId: string) => StatusLook | null;
}

/** Height of one line of a message: the log font's line height, in pixels. */
export const lineHeight = 20;

/** What a narrow row is higher by: the facts above the message, and the space around both. */
export const factsHeight = 24;

/** Free space below the newest row. */
export const endSpace = 8;

/** UTF-16 units of a message shown in the list; the details show all of it. */
export const shownUnits = { flat: 1_000, wrapped: 4_000 } as const;
