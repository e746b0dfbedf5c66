/**
 * The page's place in the hub's sequence. Events may come by two ways at once (a stream on trial beside polls, another
 * tab beside a catch-up): each is taken once, in order, and the place is what the next connection begins with.
 */
import { parseCursor } from '../../shared/cursor.ts';

export interface Place {
  /** What to hand to the hub; '' before the first `ready`: begin with a snapshot. */
  readonly cursor: string;
  /** A snapshot follows: until `arrive`, events inside of it are new and there is no place to resume from. */
  beginSnapshot(): void;
  /** Snapshot or replay are complete. An older place than the present one changes nothing. */
  arrive(cursor: string): void;
  /**
   * True, once, for an event that was not taken yet; moves on to it. `repeatsPlace`: it is a `gap` made for a slow
   * reader, which carries the cursor before what was left out: new though it does not move the place.
   */
  take(id: string, repeatsPlace?: boolean): boolean;
  /** Whether all up to this cursor is held: what comes next after it can be taken without a gap. */
  reaches(cursor: string): boolean;
}

export function createPlace(): Place {
  let text = '';
  let epoch = '';
  let sequence = -1;
  let isInSnapshot = false;

  return {
    get cursor() {
      return text;
    },
    beginSnapshot() {
      isInSnapshot = true;
      text = '';
      epoch = '';
      sequence = -1;
    },
    arrive(cursor) {
      isInSnapshot = false;
      if (!reaches(cursor)) moveTo(cursor);
    },
    take(id, repeatsPlace = false) {
      const cursor = parseCursor(id);
      // Not a place at all: nothing to compare, and nothing to resume from.
      if (cursor === null) return true;
      if (cursor.partial) return isInSnapshot;
      if (repeatsPlace) return cursor.epoch === epoch && cursor.sequence === sequence;
      if (cursor.epoch === epoch && cursor.sequence <= sequence) return false;
      moveTo(id);
      return true;
    },
    reaches,
  };

  function reaches(cursor: string): boolean {
    const other = parseCursor(cursor);
    return other !== null && !other.partial && other.epoch === epoch && other.sequence <= sequence;
  }

  function moveTo(id: string): void {
    const cursor = parseCursor(id);
    if (cursor === null || cursor.partial) return;
    text = id;
    epoch = cursor.epoch;
    sequence = cursor.sequence;
  }
}
