/** How far a collector says that it has read. */
import { expect } from 'vitest';
import { parsePositions, type LogPositions } from '../../../../../collect/logs/log-positions.ts';
import type { Following } from './follow.ts';

/** As it comes back from a disk. */
export function kept(tail: Following): LogPositions {
  const positions = parsePositions(JSON.stringify(tail.positions()));
  expect(positions).not.toBeNull();
  return positions!;
}
