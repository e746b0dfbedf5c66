/** A made-up note that fits the wire contract. */
import type { Note } from '../../shared/schema/notes.ts';
import { startTime } from './observations.ts';

/** The `index`th note, one second after the other. */
export function noteOf(index = 0, changes: Partial<Note> = {}): Note {
  return {
    id: `note${String(index).padStart(4, '0')}`,
    kind: 'note',
    time: startTime + index * 1_000,
    since: startTime + index * 1_000,
    author: 'owner',
    hosts: null,
    title: null,
    text: `note ${index}`,
    level: 'info',
    tags: [],
    link: null,
    ...changes,
  };
}
