/** The notes and markers the page knows: those of the hub's snapshot, and what came since. */
import { shallowRef, type ShallowRef } from 'vue';
import { MAX_NOTES, type Note } from '../../shared/schema/notes.ts';
import { publishNow, type Publish } from './publisher.ts';
import { byTime, keepAtMost, SnapshotItems } from './snapshot-items.ts';

export class NoteList {
  /** By time, oldest first; at most as many as a hub holds. */
  readonly notes: ShallowRef<readonly Note[]> = shallowRef([]);
  readonly #held: SnapshotItems<Note>;

  constructor(publish: Publish = publishNow) {
    this.#held = new SnapshotItems((notes) => publish(this.notes, byTime(notes)));
  }

  beginSnapshot(): void {
    this.#held.beginSnapshot();
  }

  endSnapshot(): void {
    this.#held.endSnapshot();
  }

  take(note: Note): void {
    this.#held.change((notes) => {
      notes.delete(note.id);
      if (!note.isWithdrawn) notes.set(note.id, note);
      keepAtMost(notes, MAX_NOTES);
    });
  }
}
