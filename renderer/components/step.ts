/** One step of a checklist. */
export interface Step {
  key: string;
  /** `failed`: it ends here; `now`: what is waited for. */
  state: 'done' | 'now' | 'todo' | 'failed';
  title: string;
  /** Beside the title; '' for nothing. */
  fact: string;
}
