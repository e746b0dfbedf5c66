/** The soak of the whole way for a few seconds: `npm run soak -- agents --minutes N` is the long one. */
import { expect, test } from 'vitest';
import { soakAgents } from '../support/soak/agents-soak.ts';
import { MOST_BEHIND_MS } from '../support/soak/weigh-harvest.ts';

test('agent and hub killed, the link cut, clocks shifted: every line and record arrives exactly once', async () => {
  const seen = await soakAgents({ seconds: 8 });
  expect(seen.lines).toBeGreaterThan(100);
  expect(Math.min(seen.agentKills, seen.hubKills, seen.cuts)).toBeGreaterThan(0);
  const { linesLost, linesDoubled, recordsDoubled, holes, damaged } = seen;
  expect({ linesLost, linesDoubled, recordsDoubled, holes, damaged }).toEqual({
    linesLost: [],
    linesDoubled: [],
    recordsDoubled: [],
    holes: [],
    damaged: 0,
  });
  expect(seen.worstBehindMs).toBeLessThan(MOST_BEHIND_MS);
}, 90_000);
