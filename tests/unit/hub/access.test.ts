/** Small parts of the door that need no server to be tried. */
import { expect, test } from 'vitest';
import { BadTokenLimiter } from '../../../hub/access/bad-token-limiter.ts';
import { LaunchTickets } from '../../../hub/access/launch-tickets.ts';
import { HostNames } from '../../../hub/http/host-names.ts';
import { PublicSide } from '../../../hub/http/public-side.ts';
import { LoopDelay } from '../../../hub/measure/loop-delay.ts';

test('a window of wrong tokens ends after a minute, per address', () => {
  const limiter = new BadTokenLimiter(2);
  expect([0, 1, 2].map((at) => limiter.countBad('a', at * 1_000))).toEqual([null, null, 58]);
  expect(limiter.countBad('b', 2_000)).toBeNull();
  expect(limiter.countBad('a', 60_000)).toBeNull();
});

test('the oldest ticket makes room for one too many', () => {
  const tickets = new LaunchTickets();
  const issued = Array.from({ length: 65 }, () => tickets.issue());
  expect(tickets.redeem(issued[0]!)).toBe(false);
  expect(tickets.redeem(issued[1]!)).toBe(true);
  expect(tickets.redeem(issued[64]!)).toBe(true);
});

test('on every address, the one a connection came in on is a name of the hub', () => {
  const names = new HostNames(['0.0.0.0'], new PublicSide());
  expect(() => names.check('192.0.2.7:7400', '192.0.2.7')).not.toThrow();
  expect(() => names.check('192.0.2.7:7400', '::ffff:192.0.2.7')).not.toThrow();
  expect(() => names.check('[2001:db8::1]:7400', '2001:db8::1')).not.toThrow();
  expect(() => names.check('192.0.2.8:7400', '192.0.2.7')).toThrow('does not answer to the name');
});

test('loop delay is the lateness of its ticks', () => {
  const delay = new LoopDelay();
  expect(delay.quantile(0.99)).toBeNull();
  let now = 0;
  for (let tick = 0; tick < 100; tick++) delay.tick((now += tick === 50 ? 1_250 : 1_000), 1_000);
  expect(delay.quantile(0.5)).toBe(0);
  expect(delay.quantile(0.999)).toBe(250);
});
