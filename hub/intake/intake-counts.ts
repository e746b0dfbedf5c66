/** What the intake has done since the hub started. */

export class IntakeCounts {
  batches = 0;
  records = 0;
  refused = 0;
  duplicates = 0;
  /** Batches sent back: too many, too busy, no room. */
  sentBack = 0;
}

/** For `GET /api/v1/hub` and /metrics. */
export interface IntakeNumbers {
  /** Agents heard since the start, and of those within the last minute. */
  agents: number;
  agentsHeard: number;
  batches: number;
  records: number;
  refused: number;
  duplicates: number;
  sentBack: number;
  journalBytes: number;
  /** Of the agents heard within the last minute, the worst; null: none is. */
  lagMs: number | null;
}
