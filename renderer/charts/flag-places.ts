/** Where notes stand on a time axis: those that would cover each other share one flag. */
import type { Note } from '../../shared/schema/notes.ts';
import type { DrawnPlot } from './use-plot-gestures.ts';

export interface FlagPlace {
  /** Pixels of the plot element. */
  x: number;
  /** One or more, oldest first. */
  notes: readonly Note[];
}

/** Flags closer than this, in pixels, are one: each is to be a target of 24 pixels. */
const FLAG_DISTANCE = 24;

/** Left to right. `notes` is ordered by time. */
export function flagPlaces(notes: readonly Note[], { area, span }: DrawnPlot): FlagPlace[] {
  const places: { x: number; notes: Note[] }[] = [];
  for (const note of notes) {
    if (note.time < span.from || note.time > span.to) continue;
    const share = (note.time - span.from) / (span.to - span.from);
    const x = area.left + share * (area.right - area.left);
    const before = places.at(-1);
    if (before && x - before.x < FLAG_DISTANCE) before.notes.push(note);
    else places.push({ x, notes: [note] });
  }
  return places;
}
