/** What is about to be done, once it is confirmed. */
export interface Deed {
  title: string;
  text: string;
  /** The word on the button that does it. */
  confirm: string;
  /** Does it. Answers null, or why it could not be done. */
  act: () => Promise<string | null>;
}
