/** Tells the state of one log source, once per change. */
import type { LogSource, SourceState } from '../../shared/schema/logs.ts';
import type { Emit } from './log-source-reader.ts';

const MAX_REASON_LENGTH = 1024;
const MAX_LABEL_LENGTH = 255;

export interface SourceStatus {
  readonly label: string;
  readonly state: SourceState | null;
  /** `reason`: what is wrong and what to do, one sentence; null while following. */
  tell(state: SourceState, reason: string | null): void;
}

export function createSourceStatus(
  emit: Emit,
  source: Pick<LogSource, 'host' | 'id' | 'kind' | 'label'>,
): SourceStatus {
  const label = source.label.slice(0, MAX_LABEL_LENGTH);
  let told: { state: SourceState; reason: string | null } | null = null;
  return {
    label,
    get state() {
      return told?.state ?? null;
    },
    tell(state, reason) {
      const cut = reason === null ? null : reason.slice(0, MAX_REASON_LENGTH);
      if (told?.state === state && told.reason === cut) return;
      told = { state, reason: cut };
      emit({ name: 'source', data: { ...source, label, state, reason: cut, since: Date.now() } });
    },
  };
}
