/** Sessions: how many are kept, whose make room, and what a restart remembers. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Sessions, type NewSession } from '../../../../hub/access/sessions.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';

const owner: NewSession = { share: null, name: null, isPreview: false, address: '127.0.0.1', browser: null };
const neverReports = (trouble: Error) => expect.fail(trouble.message);

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

function createMany(sessions: Sessions, count: number, wanted: NewSession): string[] {
  return Array.from({ length: count }, () => {
    vi.setSystemTime(Date.now() + 1);
    return sessions.create(wanted).secret;
  });
}

test('the owner keeps 64; the one that was seen longest ago makes room', async () => {
  await using folder = await makeTempFolder();
  using sessions = new Sessions(folder.path, neverReports);
  const [first, second] = createMany(sessions, 64, owner);
  sessions.touch(sessions.find(first!)!, '192.0.2.1');
  createMany(sessions, 1, owner);
  expect([sessions.find(first!) !== null, sessions.find(second!)]).toEqual([true, null]);
  expect(sessions.all).toHaveLength(64);
});

test('a crowd with one link makes room among itself: the owner and other shares stay', async () => {
  await using folder = await makeTempFolder();
  using sessions = new Sessions(folder.path, neverReports);
  const [own] = createMany(sessions, 1, owner);
  const [other] = createMany(sessions, 1, { ...owner, share: 'other' });
  const crowd = createMany(sessions, 1_025, { ...owner, share: 'crowd' });
  expect([own, other, crowd[0], crowd[1]].map((secret) => sessions.find(secret!) !== null)).toEqual([
    true,
    true,
    false,
    true,
  ]);
});

test('viewers, their names and when each was seen last outlive a restart; an expired session does not', async () => {
  await using folder = await makeTempFolder();
  let secret: string;
  {
    using sessions = new Sessions(folder.path, neverReports);
    const made = sessions.create({ ...owner, share: 'abc', name: 'Ana' });
    secret = made.secret;
    sessions.rename(made.session.id, 'Ana B.');
    vi.setSystemTime(Date.now() + 60_000);
    sessions.touch(made.session, '192.0.2.7');
  }
  using sessions = new Sessions(folder.path, neverReports);
  expect(sessions.find(secret)).toMatchObject({
    share: 'abc',
    name: 'Ana B.',
    address: '192.0.2.7',
    lastSeenAt: 1_700_000_060_000,
  });
  vi.setSystemTime(Date.now() + 30 * 24 * 3_600_000);
  expect([sessions.find(secret), sessions.all]).toEqual([null, []]);
});

test('sessions of a share that is forgotten are gone, those of others stay', async () => {
  await using folder = await makeTempFolder();
  using sessions = new Sessions(folder.path, neverReports);
  const [gone] = createMany(sessions, 1, { ...owner, share: 'gone' });
  const [kept] = createMany(sessions, 1, { ...owner, share: 'kept' });
  sessions.endOfShare('gone');
  expect([sessions.find(gone!), sessions.find(kept!)?.share]).toEqual([null, 'kept']);
});
