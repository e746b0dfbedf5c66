/** What the owner has said about a host; it outlives the host's own descriptions. */

export interface HostLabels {
  /** Null: what the machine calls itself. */
  name: string | null;
  group: string | null;
  tags: readonly string[];
}

/** Labels as they are kept. */
export interface KeptLabels extends HostLabels {
  paused: boolean;
}
