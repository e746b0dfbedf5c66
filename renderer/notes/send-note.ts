/** Puts a note on the hub's timeline, and takes one back. The note itself arrives with the stream, as for every reader. */
import { paths } from '../../shared/protocol.ts';
import { noteAnswer, type NoteRequest } from '../../shared/schema/notes.ts';
import { askHub, sentenceOf } from '../app/ask-hub.ts';

/** Null: done. Else one or two sentences to show: it failed, or it was taken and will not be kept. */
export async function sendNote(request: NoteRequest): Promise<{ isTaken: boolean; warning: string | null }> {
  const answer = await askHub(paths.notes, noteAnswer, { method: 'POST', body: request });
  return answer.isGood
    ? { isTaken: true, warning: answer.value.unkeptReason }
    : { isTaken: false, warning: answer.sentence };
}

/** Null where it is gone; else what to show. */
export function withdrawNote(id: string): Promise<string | null> {
  return sentenceOf(askHub(`${paths.notes}/${id}`, null, { method: 'DELETE' }));
}
