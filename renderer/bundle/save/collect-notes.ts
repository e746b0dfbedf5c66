/** Notes and markers of the window that are about the hosts of a bundle, and about no other. */
import { paths } from '../../../shared/protocol.ts';
import { pastNotes, type Note } from '../../../shared/schema/notes.ts';
import { askHub } from '../../app/ask-hub.ts';
import type { Collecting } from './collect-bundle.ts';

export async function collectNotes(collecting: Collecting): Promise<void> {
  const { wish, writer, redactEvent, breathe } = collecting;
  const isAboutThese = ({ hosts }: Note) =>
    hosts === null || hosts.every((host) => wish.hosts.includes(host));
  for (const note of await askNotes(collecting)) {
    if (note.time < wish.from || note.time >= wish.to || !isAboutThese(note)) continue;
    const told = redactEvent({ name: 'note', data: note }).data as Note;
    writer.add({ kind: 'event', name: 'note', data: told });
  }
  await breathe();
}

/** Those that this page knows where the hub does not tell. */
async function askNotes({ wish, dashboard, writer, signal }: Collecting): Promise<readonly Note[]> {
  const question = new URLSearchParams({
    from: String(wish.from),
    to: String(wish.to),
    hosts: wish.hosts.join(','),
  });
  const answer = await askHub(`${paths.notes}?${question.toString()}`, pastNotes, { signal });
  if (answer.isGood) return answer.value.notes;
  writer.leaveOut({ what: 'notes', host: null, why: answer.sentence });
  return dashboard.notes.notes.value;
}
