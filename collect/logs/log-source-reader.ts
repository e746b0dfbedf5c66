/** The port every kind of log source implements: files, the journal, containers, standard input, the system's own log. */
import type { Observation } from '../../shared/events.ts';

export type Emit = (observation: Observation) => void;

/**
 * Follows one kind of log source from `start` until disposed. `start` resolves once what is already
 * there was found and its backlog read; trouble with a source is told by `source` observations, never thrown.
 */
export interface LogSourceReader extends AsyncDisposable {
  start(emit: Emit): Promise<void>;
}
