/** Takes what a collector emits and lets a test wait for what it expects. */
import type { Observation } from '../../../../../shared/events.ts';
import type { LogLine, LogSource } from '../../../../../shared/schema/logs.ts';
import type { Gap } from '../../../../../shared/schema/stream.ts';

export interface LogRecorder {
  emit(observation: Observation): void;
  lines: LogLine[];
  sources: LogSource[];
  gaps: Gap[];
  texts(): string[];
  /** Of the source whose id ends so, in order. */
  states(id: string): string[];
  /** Resolves when the condition holds; looked at after every observation. The test's timeout bounds it. */
  until(condition: () => boolean): Promise<void>;
  untilLine(text: string): Promise<void>;
  untilState(id: string, state: LogSource['state']): Promise<LogSource>;
}

export function createLogRecorder(): LogRecorder {
  const lines: LogLine[] = [];
  const sources: LogSource[] = [];
  const gaps: Gap[] = [];
  const seen = new Set<string>();
  let waiting: { condition: () => boolean; resolve: () => void }[] = [];

  const recorder: LogRecorder = {
    lines,
    sources,
    gaps,
    emit(observation) {
      if (observation.name === 'log') {
        lines.push(observation.data);
        seen.add(observation.data.text);
      } else if (observation.name === 'source') sources.push(observation.data);
      else if (observation.name === 'gap') gaps.push(observation.data);
      if (waiting.length === 0) return;
      for (const { condition, resolve } of waiting) if (condition()) resolve();
      waiting = waiting.filter(({ condition }) => !condition());
    },
    texts: () => lines.map(({ text }) => text),
    states: (id) => sources.filter((source) => source.id.endsWith(id)).map(({ state }) => state),
    until(condition) {
      if (condition()) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.push({ condition, resolve });
      });
    },
    untilLine: (text) => recorder.until(() => seen.has(text)),
    async untilState(id, state) {
      const newest = () => sources.findLast((source) => source.id.endsWith(id));
      await recorder.until(() => newest()?.state === state);
      return newest()!;
    },
  };
  return recorder;
}
