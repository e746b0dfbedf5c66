/** Tickets: once, within a minute, and not longer than what they were made with. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Reader } from '../../../../hub/access/caller.ts';
import { everything, wholeHub } from '../../../../hub/access/sight.ts';
import { StreamTickets } from '../../../../hub/access/stream-tickets.ts';

const owner: Reader = { role: 'owner', credential: 'owner', sight: everything };

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

test('a ticket stands for the caller that asked for it, once', () => {
  const tickets = new StreamTickets();
  const { ticket, expiresAt } = tickets.issue(owner);
  expect(expiresAt).toBe(Date.now() + 60_000);
  expect([tickets.redeem(ticket), tickets.redeem(ticket), tickets.redeem('x')]).toEqual([owner, null, null]);
});

test('it is good for a minute, and not after its token has expired', () => {
  const tickets = new StreamTickets();
  const old = tickets.issue(owner).ticket;
  const { ticket, expiresAt } = tickets.issue({ ...owner, sight: wholeHub(Date.now() + 5_000) });
  expect(expiresAt).toBe(Date.now() + 5_000);
  vi.setSystemTime(Date.now() + 5_000);
  expect(tickets.redeem(ticket)).toBeNull();
  vi.setSystemTime(Date.now() + 55_000);
  expect(tickets.redeem(old)).toBeNull();
});

test('one caller has 32 at most, its oldest makes room; those of others stay', () => {
  const tickets = new StreamTickets();
  const other: Reader = { ...owner, credential: 'session:1' };
  const theirs = tickets.issue(other).ticket;
  const all = Array.from({ length: 33 }, () => tickets.issue(owner).ticket);
  expect(all.map((ticket) => tickets.redeem(ticket) !== null)).toEqual([
    false,
    ...Array<true>(32).fill(true),
  ]);
  expect(tickets.redeem(theirs)).toBe(other);
});

test('a crowd pushes out its own tickets, and not the owner’s', () => {
  const tickets = new StreamTickets();
  const own = tickets.issue(owner).ticket;
  const all = Array.from(
    { length: 4_096 },
    (_, place) => tickets.issue(operator(Math.floor(place / 32))).ticket,
  );
  expect([own, all[0]!, all[1]!].map((ticket) => tickets.redeem(ticket) !== null)).toEqual([
    true,
    false,
    true,
  ]);
});

function operator(number: number): Reader {
  return { ...owner, role: 'operator', name: 'x', scopes: ['read'], credential: `token:${number}` };
}

test('tickets of a credential that is taken back open nothing', () => {
  const tickets = new StreamTickets();
  const [gone, kept] = [tickets.issue(owner), tickets.issue({ ...owner, credential: 'session:1' })];
  tickets.endWhere((credential) => credential === 'owner');
  expect([tickets.redeem(gone.ticket), tickets.redeem(kept.ticket) !== null]).toEqual([null, true]);
});
