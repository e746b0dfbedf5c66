/** `GET /api/v1/notes`, answered from a bundle. */
import type { Bundle } from '../../../shared/bundle/bundle.ts';
import { MAX_NOTES, type PastNotes } from '../../../shared/schema/notes.ts';
import { listIn, windowIn } from './query.ts';

export function answerNotes({ head, events }: Bundle, query: URLSearchParams): PastNotes {
  const { from, to } = windowIn(query, head);
  const wanted = listIn(query, 'hosts');
  const notes = events
    .flatMap((event) => (event.name === 'note' ? [event.data] : []))
    .filter(({ time }) => time >= from && time <= to)
    .filter(({ hosts }) => wanted === null || hosts === null || hosts.some((host) => wanted.includes(host)))
    .sort((a, b) => a.time - b.time);
  return { from, to, notes: notes.slice(-MAX_NOTES), isCut: notes.length > MAX_NOTES };
}
