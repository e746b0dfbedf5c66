/** What is wrong with the text of a filter, and where. */
import { WatchlineError } from '../errors.ts';

export class FilterSyntaxError extends WatchlineError {
  /** Where the fault begins in the text, in UTF-16 units from 0. */
  readonly position: number;
  /** How long it is; 0 where something is missing. */
  readonly length: number;

  constructor(message: string, position: number, length: number) {
    super('filter-syntax', message);
    this.position = position;
    this.length = length;
  }
}
