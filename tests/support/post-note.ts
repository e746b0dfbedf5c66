/** Puts notes and markers on a test hub's timeline, as a page and a script would. */
import { noteAnswer, type Note, type NoteAnswer } from '../../shared/schema/notes.ts';
import type { TestHub } from './start-test-hub.ts';

export interface PostOptions {
  path?: '/api/v1/notes' | '/api/v1/events';
  /** A header of value '' is left out. */
  headers?: Record<string, string>;
}

/** One request with the owner's token. Default: a marker, of no declared type. */
export function postText(hub: TestHub, body: string, options: PostOptions = {}): Promise<Response> {
  const { path = '/api/v1/events', headers = {} } = options;
  return fetch(hub.origin + path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${hub.ownerToken}`, ...headers },
    body,
  });
}

export function postJson(hub: TestHub, path: PostOptions['path'], value: unknown): Promise<Response> {
  return postText(hub, JSON.stringify(value), {
    path: path!,
    headers: { 'Content-Type': 'application/json' },
  });
}

/** The answer of a post that has to succeed. */
export async function accepted(response: Promise<Response>): Promise<NoteAnswer> {
  const answer = await response;
  if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
  return noteAnswer.parse(await answer.json());
}

export async function postNote(hub: TestHub, text: string, hosts?: string[]): Promise<Note> {
  return (await accepted(postJson(hub, '/api/v1/notes', { text, hosts }))).note;
}

export async function withdrawNote(hub: TestHub, id: string): Promise<number> {
  const answer = await fetch(`${hub.origin}/api/v1/notes/${id}`, {
    method: 'DELETE',
    headers: { Authorization: `Bearer ${hub.ownerToken}` },
  });
  return answer.status;
}
