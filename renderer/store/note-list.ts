/** The notes and markers the page knows: those of the hub's snapshot, and what came since. */
import { shallowRef, type ShallowRef } from 'vue';
import { MAX_NOTES, type Note } from '../../shared/schema/notes.ts';
import { publishNow, type Publish } from './publisher.ts';

export class NoteList {
  /** By time, oldest first; at most as many as a hub holds. */
  readonly notes: ShallowRef<readonly Note[]> = shallowRef([]);
  readonly #publish: Publish;
  #byId = new Map<string, Note>();
  #isInSnapshot = false;

  constructor(publish: Publish = publishNow) {
    this.#publish = publish;
  }

  /** Everything follows anew: what the snapshot does not name is gone. */
  beginSnapshot(): void {
    this.#byId = new Map();
    this.#isInSnapshot = true;
  }

  endSnapshot(): void {
    this.#isInSnapshot = false;
    this.#show();
  }

  take(note: Note): void {
    this.#byId.delete(note.id);
    if (!note.isWithdrawn) this.#byId.set(note.id, note);
    if (this.#byId.size > MAX_NOTES) this.#byId.delete(this.#byId.keys().next().value!);
    if (!this.#isInSnapshot) this.#show();
  }

  #show(): void {
    this.#publish(
      this.notes,
      [...this.#byId.values()].sort((a, b) => a.time - b.time),
    );
  }
}
