/** The page's notes: by time, withdrawn ones gone, and after a snapshot nothing but what it named. */
import { expect, test } from 'vitest';
import { NoteList } from '../../../../renderer/store/note-list.ts';
import { MAX_NOTES } from '../../../../shared/schema/notes.ts';
import { noteOf } from '../../../support/note-of.ts';

const said = (list: NoteList) => list.notes.value.map(({ text }) => text);

test('notes are in the order of what they speak of, not of when they came', () => {
  const list = new NoteList();
  for (const index of [2, 0, 1]) list.take(noteOf(index));
  expect(said(list)).toEqual(['note 0', 'note 1', 'note 2']);
});

test('a withdrawn note goes, and one that was never here stays away', () => {
  const list = new NoteList();
  list.take(noteOf(0));
  list.take(noteOf(0, { text: null, isWithdrawn: true }));
  list.take(noteOf(1, { text: null, isWithdrawn: true }));
  expect(said(list)).toEqual([]);
});

test('while a snapshot comes the old ones stay in sight; after it only those it named', () => {
  const list = new NoteList();
  list.take(noteOf(0));
  list.take(noteOf(1));
  list.beginSnapshot();
  list.take(noteOf(1));
  expect(said(list)).toEqual(['note 0', 'note 1']);
  list.endSnapshot();
  expect(said(list)).toEqual(['note 1']);
});

test('no more are held than a hub holds', () => {
  const list = new NoteList();
  for (let index = 0; index <= MAX_NOTES; index++) list.take(noteOf(index));
  expect(list.notes.value).toHaveLength(MAX_NOTES);
  expect(list.notes.value[0]!.text).toBe('note 1');
});
