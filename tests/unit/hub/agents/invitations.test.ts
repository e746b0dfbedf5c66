/** The life of an invitation, with a clock in hand. */
import { expect, test } from 'vitest';
import { Invitations, MAX_OPEN_INVITATIONS } from '../../../../hub/agents/invitations.ts';
import { PAIRING_CODE_MS, pairingCode } from '../../../../shared/schema/uplink.ts';

test('codes have the form that agents check, and never repeat a first half', () => {
  const invitations = new Invitations();
  const codes = Array.from({ length: 200 }, () => invitations.create(null).code);
  for (const code of codes) expect(pairingCode.safeParse(code).success, code).toBe(true);
  expect(new Set(codes.map((code) => code.slice(5))).size).toBeGreaterThan(190);
});

test('a code is good for fifteen minutes, and hears afterwards that it was too old', () => {
  let now = 1_000_000;
  const invitations = new Invitations(() => now);
  const { code, invitation } = invitations.create('web');
  expect(invitation.expires).toBe(now + PAIRING_CODE_MS);
  now += PAIRING_CODE_MS - 1;
  expect(invitations.prove(code)).toEqual({ fault: null, id: invitation.id, group: 'web' });
  now += 1;
  expect(invitations.stateOf(invitation.id)?.state).toBe('expired');
  expect(invitations.prove(code)).toEqual({ fault: 'expired' });
  expect(invitations.withdraw(invitation.id)).toBe(false);
});

test('one more than may be open withdraws the oldest', () => {
  const invitations = new Invitations();
  const made = Array.from({ length: MAX_OPEN_INVITATIONS + 1 }, () => invitations.create(null));
  const states = made.map(({ invitation }) => invitations.stateOf(invitation.id)?.state);
  expect(states).toEqual(['closed', ...Array<string>(MAX_OPEN_INVITATIONS).fill('waiting')]);
  expect(invitations.prove(made[0]!.code)).toEqual({ fault: 'closed' });
});

test('those that are over are forgotten in the end', () => {
  const invitations = new Invitations();
  const made = Array.from({ length: 100 }, () => invitations.create(null));
  expect(invitations.stateOf(made[0]!.invitation.id)).toBeNull();
  expect(invitations.prove(made[0]!.code)).toEqual({ fault: 'unknown' });
});

test('a closed invitation tells nobody whether the second half was right', () => {
  const invitations = new Invitations();
  const { code, invitation } = invitations.create(null);
  const wrong = `${invitation.id}-${code.endsWith('A') ? 'BBBB' : 'AAAA'}`;
  for (let tries = 0; tries < 5; tries++) expect(invitations.prove(wrong)).toEqual({ fault: 'wrong' });
  expect([invitations.prove(wrong), invitations.prove(code)]).toEqual([
    { fault: 'closed' },
    { fault: 'closed' },
  ]);
});
