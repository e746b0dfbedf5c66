/** Notes and markers of the window that are about the hosts of a bundle, and about no other. */
import type { Collecting } from './collect-bundle.ts';
import type { Note } from '../../../shared/schema/notes.ts';

export async function collectNotes({
  wish,
  dashboard,
  writer,
  redactEvent,
  breathe,
}: Collecting): Promise<void> {
  const isAboutThese = ({ hosts }: Note) =>
    hosts === null || hosts.every((host) => wish.hosts.includes(host));
  for (const note of dashboard.notes.notes.value) {
    if (note.time < wish.from || note.time >= wish.to || !isAboutThese(note)) continue;
    const told = redactEvent({ name: 'note', data: note }).data as Note;
    writer.add({ kind: 'event', name: 'note', data: told });
  }
  await breathe();
}
