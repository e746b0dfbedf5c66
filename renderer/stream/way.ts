/** A way on which events come to this page: a stream, or polling. One at a time is open. */
export interface Way {
  /** Afterwards nothing is told any more. */
  close(): void;
}
