/** One fact of a record, in the column of its label. */
export interface RecordFact {
  label: string;
  text: string;
  /** Shown on hover. */
  title?: string;
  isBad?: boolean;
}
