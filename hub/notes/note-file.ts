/** `notes.ndjson`: all notes and markers of a hub. */
import path from 'node:path';
import { note, NOTES_PAST_MS, type Note } from '../../shared/schema/notes.ts';
import { TimelineFile } from '../timeline-file.ts';

/** Some eight thousand notes. */
export const MAX_NOTE_FILE_BYTES = 4 * 1024 * 1024;

/** Written first in each line, so that most lines need not be parsed. */
const timeInLine = /^\{"id":"[a-z0-9]{8,32}","kind":"[a-z]+","time":(-?\d+),/;

export function noteFileIn(folder: string): TimelineFile<Note> {
  return new TimelineFile({
    path: path.join(folder, 'notes.ndjson'),
    maxBytes: MAX_NOTE_FILE_BYTES,
    schema: note,
    spanOf: ({ time }) => ({ from: time, to: time }),
    isKept: ({ isWithdrawn, time }) => isWithdrawn !== true && time >= Date.now() - NOTES_PAST_MS,
    isOutside: (line, from, to) => {
      const time = timeInLine.exec(line)?.[1];
      return time !== undefined && (Number(time) < from || Number(time) > to);
    },
  });
}
