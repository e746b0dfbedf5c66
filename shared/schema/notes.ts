/** What people and scripts put on the timeline: notes of a person, markers of a program ("deployed 1.2"). */
import * as z from 'zod/mini';
import { hostId } from './host-id.ts';

export const MAX_NOTE_TEXT = 2_000;
export const MAX_NOTE_TITLE = 200;
export const MAX_NOTE_HOSTS = 64;

/** A snapshot holds the notes of this much time, and at most so many: the newest. */
export const NOTES_KEPT_MS = 24 * 3_600_000;
export const MAX_NOTES = 500;

/** As far back as a note may speak of, and as `GET /api/v1/notes` reaches: as far as history is kept by default. */
export const NOTES_PAST_MS = 2 * 366 * 24 * 3_600_000;

/** How far ahead of the hub's clock a note may lie: clocks of scripts differ. */
export const NOTE_AHEAD_MS = 5 * 60_000;

export const noteLevels = ['info', 'warn', 'error'] as const;
export const noteLevel = z.enum(noteLevels);

export const noteId = z.string().check(z.regex(/^[a-z0-9]{8,32}$/));

/** https only; no user name, no backslash: what stands before the first slash is where it leads. */
export const noteLink = z.string().check(z.maxLength(2048), z.regex(/^https:\/\/[^\s\\@/?#]+([/?#]\S*)?$/));

const tag = z.string().check(z.minLength(1), z.maxLength(64));

export const note = z.object({
  id: noteId,
  kind: z.enum(['note', 'marker']),
  /** Epoch milliseconds it speaks of. */
  time: z.int(),
  /** Epoch milliseconds the hub took it. */
  since: z.int(),
  /** Who put it there, by role. */
  author: z.string().check(z.minLength(1), z.maxLength(64)),
  /** The hosts it is about; null: all. It reaches views that hold every one of them. */
  hosts: z.nullable(z.array(hostId).check(z.minLength(1), z.maxLength(MAX_NOTE_HOSTS))),
  /** Of a marker; null on notes. */
  title: z.nullable(z.string().check(z.minLength(1), z.maxLength(MAX_NOTE_TITLE))),
  /** Of a note; null on markers that have no more to say than their title. */
  text: z.nullable(z.string().check(z.minLength(1), z.maxLength(MAX_NOTE_TEXT))),
  level: noteLevel,
  tags: z.array(tag).check(z.maxLength(16)),
  link: z.nullable(noteLink),
  /** What the hub made it of by itself: who does not see that channel does not see it either. Left out: somebody wrote it. */
  channel: z.optional(z.enum(['logs'])),
  /** Set when its author took it back: forget it. Title and text are null then. */
  isWithdrawn: z.optional(z.literal(true)),
});
export type Note = z.infer<typeof note>;

/** Epoch milliseconds, or a date with its offset: "2026-11-21T14:03:12Z". */
const noteTime = z.union([
  z.int(),
  z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/)),
]);
const trimmed = (most: number) => z.string().check(z.trim(), z.minLength(1), z.maxLength(most));

/** `POST /api/v1/notes`. */
export const noteRequest = z.strictObject({
  text: trimmed(MAX_NOTE_TEXT),
  /** Left out: now. */
  time: z.optional(noteTime),
  /** Ids or names; left out or null: all hosts. */
  hosts: z.nullish(z.array(trimmed(255)).check(z.minLength(1), z.maxLength(MAX_NOTE_HOSTS))),
});
export type NoteRequest = z.infer<typeof noteRequest>;

/** `POST /api/v1/events`, as JSON or as the fields of a form. */
export const markerRequest = z.strictObject({
  title: trimmed(MAX_NOTE_TITLE),
  text: z.optional(trimmed(MAX_NOTE_TEXT)),
  level: z.optional(noteLevel),
  /** Id or name; left out: all hosts. */
  host: z.optional(trimmed(255)),
  time: z.optional(noteTime),
  tags: z.optional(z.array(tag).check(z.maxLength(16))),
  link: z.optional(noteLink),
});

/** The answer to both. */
export const noteAnswer = z.object({
  note,
  /** Null: it survives a restart of the hub. Else why it does not, and what to do: one sentence. */
  unkeptReason: z.nullable(z.string()),
});
export type NoteAnswer = z.infer<typeof noteAnswer>;

/** `GET /api/v1/notes?from=&to=&hosts=`: those of a stretch of time, both ends included. */
export const pastNotes = z.object({
  from: z.int(),
  to: z.int(),
  /** By time, oldest first; at most 500: the newest. */
  notes: z.array(note),
  /** There are older ones in the stretch, which are left out. */
  isCut: z.boolean(),
});
export type PastNotes = z.infer<typeof pastNotes>;
