/** Puts a note on the hub's timeline, and takes one back. The note itself arrives with the stream, as for every reader. */
import { paths } from '../../shared/protocol.ts';
import { noteAnswer, type NoteRequest } from '../../shared/schema/notes.ts';
import { problem } from '../../shared/snapshot.ts';
import { noteMessages } from './note-messages.ts';

/** Longer than a disk that is slow, shorter than a person's patience. */
const TIMEOUT_MS = 10_000;

/** Null: done. Else one or two sentences to show: it failed, or it was taken and will not be kept. */
export async function sendNote(request: NoteRequest): Promise<{ isTaken: boolean; warning: string | null }> {
  const answer = await ask(paths.notes, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
  });
  if (typeof answer === 'string') return { isTaken: false, warning: answer };
  const parsed = noteAnswer.safeParse(answer);
  return { isTaken: true, warning: parsed.success ? parsed.data.unkeptReason : null };
}

/** Null where it is gone; else what to show. */
export async function withdrawNote(id: string): Promise<string | null> {
  const answer = await ask(`${paths.notes}/${id}`, { method: 'DELETE' });
  return typeof answer === 'string' ? answer : null;
}

/** The answer's JSON, null where it has none, or the words of its problem. */
async function ask(path: string, request: RequestInit): Promise<object | string | null> {
  try {
    const response = await fetch(path, {
      ...request,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const value: unknown = response.status === 204 ? null : await response.json();
    if (response.ok) return value as object | null;
    const { error } = problem.parse(value);
    return error.remedy === null ? error.message : `${error.message} ${error.remedy}`;
  } catch {
    return noteMessages.unreachable;
  }
}
