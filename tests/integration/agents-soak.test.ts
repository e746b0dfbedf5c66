/** The soak of the whole way for a few seconds: `npm run soak -- agents --minutes N` is the long one. */
import { expect, test } from 'vitest';
import { soakAgents } from '../support/soak/agents-soak.ts';

/** The flush window, and what it takes until a written line is read. */
const MOST_LOST_MS = 500 + 300;

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
  expect(seen.worstLossMs).toBeLessThan(MOST_LOST_MS);
}, 90_000);
