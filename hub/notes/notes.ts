/** The notes of a hub: those of the last day in memory, the newest 500 of them, and all that are kept in `notes.ndjson`. */
import { randomBytes } from 'node:crypto';
import type { StreamEvent } from '../../shared/events.ts';
import { MAX_NOTES, NOTES_KEPT_MS, type Note } from '../../shared/schema/notes.ts';
import { WatchlineError } from '../../shared/errors.ts';
import type { TimelineFile } from '../timeline-file.ts';
import { noteFileIn } from './note-file.ts';

/** What all notes held may take together, as JSON; past it the oldest go. */
const MAX_HELD_BYTES = 1024 * 1024;

export interface NotesOptions {
  dataDir: string;
  /** Puts an event on the bus. */
  publish: (event: StreamEvent) => void;
  /** Told once when notes cannot be kept on the disk, and not again before they can. */
  report: (trouble: Error) => void;
}

/** What a caller says of a note; the hub adds the rest. */
export type NoteDraft = Omit<Note, 'id' | 'since' | 'isWithdrawn'>;

export class Notes implements AsyncDisposable {
  readonly #options: NotesOptions;
  readonly #file: TimelineFile<Note>;
  /** In the order they came. */
  readonly #held = new Map<string, { note: Note; bytes: number }>();
  #heldBytes = 0;
  #isUnkept = false;

  constructor(options: NotesOptions) {
    this.#options = options;
    this.#file = noteFileIn(options.dataDir);
    for (const note of this.#file.read(Date.now() - NOTES_KEPT_MS)) this.#hold(note);
    this.#forget();
  }

  /** Those still held, in the order they came. */
  get all(): Note[] {
    this.#forget();
    return [...this.#held.values()].map(({ note }) => note);
  }

  /** Those of a stretch of time, both ends included, by time, however long ago. */
  async between(from: number, to: number): Promise<Note[]> {
    const byId = new Map((await this.#file.readBetween(from, to)).map((note) => [note.id, note]));
    // What the disk could not take is there all the same.
    for (const note of this.all) if (note.time >= from && note.time <= to) byId.set(note.id, note);
    return [...byId.values()].filter((note) => note.isWithdrawn !== true).sort((a, b) => a.time - b.time);
  }

  /**
   * Readers have it at once; resolves when it is on the disk, or is known not to be. `id`: of what is told more than once, which
   * then takes the place of the one before. Default: a new one.
   */
  async post(
    draft: NoteDraft,
    id = randomBytes(8).toString('hex'),
  ): Promise<{ note: Note; unkeptReason: string | null }> {
    // In the order that `noteFileIn` reads lines by.
    const { kind, time, ...rest } = draft;
    const note: Note = { id, kind, time, since: Date.now(), ...rest };
    this.#hold(note);
    this.#options.publish({ name: 'note', data: note });
    return { note, unkeptReason: await this.#keep(note) };
  }

  /** False where no note of this id is known. */
  async withdraw(id: string): Promise<boolean> {
    const found =
      this.#held.get(id)?.note ?? (await this.between(-Infinity, Infinity)).find((note) => note.id === id);
    if (!found) return false;
    const withdrawn: Note = {
      ...found,
      title: null,
      text: null,
      tags: [],
      link: null,
      isWithdrawn: true,
    };
    this.#hold(withdrawn);
    this.#options.publish({ name: 'note', data: withdrawn });
    await this.#keep(withdrawn);
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.catchUp(() => this.all);
  }

  #hold(note: Note): void {
    const before = this.#held.get(note.id);
    if (before) this.#drop(note.id, before.bytes);
    if (note.isWithdrawn) return;
    const bytes = Buffer.byteLength(JSON.stringify(note));
    this.#held.set(note.id, { note, bytes });
    this.#heldBytes += bytes;
  }

  /** Lets go of what is too old, and of the oldest where there is too much. */
  #forget(): void {
    const oldest = Date.now() - NOTES_KEPT_MS;
    for (const [id, { note, bytes }] of this.#held) {
      const isTooMuch = this.#held.size > MAX_NOTES || this.#heldBytes > MAX_HELD_BYTES;
      if (isTooMuch || note.time < oldest) this.#drop(id, bytes);
    }
  }

  #drop(id: string, bytes: number): void {
    this.#held.delete(id);
    this.#heldBytes -= bytes;
  }

  async #keep(note: Note): Promise<string | null> {
    const trouble = await this.#file.append(note, () => this.all);
    if (trouble === null) {
      this.#isUnkept = false;
      return null;
    }
    const error = new WatchlineError('notes-unkept', `Notes cannot be saved: ${trouble.message}.`, {
      remedy:
        'Make room on the disk; they are saved with the next one, and until then lost when the hub ends.',
      cause: trouble,
    });
    if (!this.#isUnkept) this.#options.report(error);
    this.#isUnkept = true;
    return `${error.message} ${error.remedy}`;
  }
}
