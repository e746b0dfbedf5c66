/** A line as the archive holds it: with what names it for good. */
import { formatCursor } from '../../shared/cursor.ts';
import type { LogLine } from '../../shared/schema/logs.ts';

export interface ArchivedEntry {
  /** Of the start of the hub that took it, as in cursors of the stream. */
  epoch: string;
  /** Its place in that start's sequence. */
  sequence: number;
  line: LogLine;
}

export function idOf({ epoch, sequence }: ArchivedEntry): string {
  return formatCursor(epoch, sequence);
}
