/** What happened to a host, as markers on the axis of its charts: it went silent, it came back, it was started anew. */
import type { HostStatus } from '../../shared/schema/host.ts';
import type { HistoryMark } from '../../shared/schema/history.ts';
import type { Note } from '../../shared/schema/notes.ts';
import { noteMessages } from './note-messages.ts';

export interface Happening {
  /** Epoch milliseconds. */
  time: number;
  what: HostStatus | 'boot';
}

/** Statuses worth a flag. Between live and offline a host is stale, and after that it catches up: that says nothing new. */
const told: ReadonlySet<Happening['what']> = new Set([
  'live',
  'offline',
  'asleep',
  'paused',
  'incompatible',
  'boot',
]);
const silent: ReadonlySet<Happening['what']> = new Set(['offline', 'asleep', 'paused', 'incompatible']);

/** One start of a machine, told by two who read its clock at different moments. */
const SAME_BOOT_MS = 30_000;

export function happeningsOf(marks: readonly HistoryMark[]): Happening[] {
  return marks.flatMap((mark): Happening | [] => {
    if (mark.what === 'status') return { time: mark.time, what: mark.status };
    return mark.what === 'boot' ? { time: mark.time, what: 'boot' } : [];
  });
}

/** By time, each told once, whoever told it. `live` is told where it ends a silence. */
export function happeningNotes(host: string, happenings: readonly Happening[]): Note[] {
  const notes: Note[] = [];
  let isSilent = false;
  let lastBoot = -Infinity;
  const seen = new Set<string>();
  for (const { time, what } of [...happenings].sort((a, b) => a.time - b.time)) {
    const id = `${what} ${time}`;
    if (!told.has(what) || seen.has(id)) continue;
    seen.add(id);
    if (what === 'boot') {
      if (time - lastBoot > SAME_BOOT_MS) notes.push(noteOf(host, time, what));
      lastBoot = time;
      continue;
    }
    if (what !== 'live' || isSilent) notes.push(noteOf(host, time, what));
    isSilent = silent.has(what);
  }
  return notes;
}

function noteOf(host: string, time: number, what: Happening['what']): Note {
  return {
    id: `${host} ${what} ${time}`,
    kind: 'marker',
    time,
    since: time,
    author: 'hub',
    hosts: [host],
    title: noteMessages.happenings[what],
    text: null,
    level: what === 'offline' || what === 'incompatible' ? 'warn' : 'info',
    tags: [],
    link: null,
  };
}
