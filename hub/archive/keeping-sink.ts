/** What observers of the hub's own process hand their observations to: whether lines are kept, and where, is theirs to know. */
import type { ObservationSink } from '../../shared/observer.ts';
import type { LogArchive } from './log-archive.ts';

/** `archive` null: `sink` itself. */
export function keepingSink(sink: ObservationSink, archive: LogArchive | null): ObservationSink {
  if (archive === null) return sink;
  return {
    describe: (host) => sink.describe(host),
    observe: (observation) => sink.observe(observation),
    keeping: archive.keeping,
  };
}
