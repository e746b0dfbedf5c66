/** What the intake has done since the hub started. */
import type { HubNumbers } from '../../shared/hub-numbers.ts';

export class IntakeCounts {
  batches = 0;
  records = 0;
  refused = 0;
  duplicates = 0;
  /** Batches sent back: too many, too busy, no room. */
  sentBack = 0;
}

export type IntakeNumbers = NonNullable<HubNumbers['intake']>;
