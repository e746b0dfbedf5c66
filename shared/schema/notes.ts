/** What people and scripts put on the timeline: notes of a person, markers of a program ("deployed 1.2"). */
import * as z from 'zod';
import { hostId } from './host.ts';

export const MAX_NOTE_TEXT = 2_000;
export const MAX_NOTE_TITLE = 200;
export const MAX_NOTE_HOSTS = 64;

/** A hub keeps notes of this much time, and at most so many: the newest. */
export const NOTES_KEPT_MS = 24 * 3_600_000;
export const MAX_NOTES = 500;

/** How far ahead of the hub's clock a note may lie: clocks of scripts differ. */
export const NOTE_AHEAD_MS = 5 * 60_000;

export const noteLevels = ['info', 'warn', 'error'] as const;
export const noteLevel = z.enum(noteLevels);
export type NoteLevel = z.infer<typeof noteLevel>;

export const noteId = z.string().regex(/^[a-z0-9]{8,32}$/);

/** https only; no user name, no backslash: what stands before the first slash is where it leads. */
export const noteLink = z
  .string()
  .max(2048)
  .regex(/^https:\/\/[^\s\\@/?#]+([/?#]\S*)?$/);

const tag = z.string().min(1).max(64);

export const note = z.object({
  id: noteId,
  kind: z.enum(['note', 'marker']),
  /** Epoch milliseconds it speaks of. */
  time: z.int(),
  /** Epoch milliseconds the hub took it. */
  since: z.int(),
  /** Who put it there, by role. */
  author: z.string().min(1).max(64),
  /** The hosts it is about; null: all. It reaches views that hold every one of them. */
  hosts: z.array(hostId).min(1).max(MAX_NOTE_HOSTS).nullable(),
  /** Of a marker; null on notes. */
  title: z.string().min(1).max(MAX_NOTE_TITLE).nullable(),
  /** Of a note; null on markers that have no more to say than their title. */
  text: z.string().min(1).max(MAX_NOTE_TEXT).nullable(),
  level: noteLevel,
  tags: z.array(tag).max(16),
  link: noteLink.nullable(),
  /** Set when its author took it back: forget it. Title and text are null then. */
  isWithdrawn: z.literal(true).optional(),
});
export type Note = z.infer<typeof note>;

/** Epoch milliseconds, or a date with its offset: "2026-11-21T14:03:12Z". */
const noteTime = z.union([
  z.int(),
  z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/),
]);
const trimmed = (most: number) => z.string().trim().min(1).max(most);

/** `POST /api/v1/notes`. */
export const noteRequest = z.strictObject({
  text: trimmed(MAX_NOTE_TEXT),
  /** Left out: now. */
  time: noteTime.optional(),
  /** Ids or names; left out or null: all hosts. */
  hosts: z.array(trimmed(255)).min(1).max(MAX_NOTE_HOSTS).nullish(),
});
export type NoteRequest = z.infer<typeof noteRequest>;

/** `POST /api/v1/events`, as JSON or as the fields of a form. */
export const markerRequest = z.strictObject({
  title: trimmed(MAX_NOTE_TITLE),
  text: trimmed(MAX_NOTE_TEXT).optional(),
  level: noteLevel.optional(),
  /** Id or name; left out: all hosts. */
  host: trimmed(255).optional(),
  time: noteTime.optional(),
  tags: z.array(tag).max(16).optional(),
  link: noteLink.optional(),
});
export type MarkerRequest = z.infer<typeof markerRequest>;

/** The answer to both. */
export const noteAnswer = z.object({
  note,
  /** Null: it survives a restart of the hub. Else why it does not, and what to do: one sentence. */
  unkeptReason: z.string().nullable(),
});
export type NoteAnswer = z.infer<typeof noteAnswer>;
