/** Why it looks as it does in the window that was chosen: what changed, what was running and what was said, beside the time before. */
import type { ShallowRef } from 'vue';
import { askHub } from '../../../app/ask-hub.ts';
import type { InTurn } from '../../../app/in-turn.ts';
import type { TimeSpan } from '../../../app/time-range.ts';
import type { HostState } from '../../../store/host-state.ts';
import type { LogStore } from '../../../store/log-store.ts';
import { paths } from '../../../../shared/protocol.ts';
import { historyChanges, pastProcesses } from '../../../../shared/schema/history.ts';
import type { ProcessHistory } from '../process-history.ts';
import { processWindows, seriesWindows } from './compared-windows.ts';
import { heldChanges, type ChangeReport, type HeldReadings } from './held-changes.ts';
import { heldProcesses, type ProcessReport } from './held-processes.ts';
import type { LineNews } from './line-news.ts';
import { askNews, heldNews } from './told-lines.ts';
import { useTold, type Told } from './use-told.ts';

export interface Cause {
  readonly changes: ShallowRef<Told<ChangeReport>>;
  readonly processes: ShallowRef<Told<ProcessReport>>;
  /** As `processes`, about the moment. */
  readonly atMoment: ShallowRef<Told<ProcessReport>>;
  readonly news: ShallowRef<Told<readonly LineNews[]>>;
}

export interface CauseOptions {
  state: HostState;
  /** The window that was chosen; null: the page is live. */
  span: () => TimeSpan | null;
  /** A moment of the past whose processes are asked for; null: none is. */
  moment: () => number | null;
  /** What is read every few seconds, as the page has seen it. */
  seen: readonly HeldReadings[];
  history: ProcessHistory;
  logs: LogStore;
  /** In turn with the other searches of the screen. */
  ask: InTurn;
  sees: (channel: 'metrics' | 'processes' | 'logs') => boolean;
}

/** As many as there is ever room to look at. */
const MOST_CHANGES = 60;
const MOST_PROCESSES = 60;
/** The hub keeps a table every ten seconds: one of them is within this time of any moment. */
const NEAR_MS = 5_000;

/** Lives as long as the calling scope. */
export function useCause({ state, span, moment, seen, history, logs, ask, sees }: CauseOptions): Cause {
  const changes = useTold<ChangeReport>({
    span: () => (sees('metrics') ? span() : null),
    held: (window) => heldChanges(state.series, window, seen),
    heldRows(window) {
      void state.series.revision.value;
      return state.series.window([], seriesWindows(window).before.from, window.to).times.length;
    },
    ask: (window, signal) =>
      askHub(`${paths.historyChanges}?${question(window, MOST_CHANGES)}`, historyChanges, { signal }),
  });
  const processes = runningIn(span);
  const atMoment = runningIn(() => {
    const time = moment();
    return time === null ? null : { from: Math.round(time) - NEAR_MS, to: Math.round(time) + NEAR_MS };
  });
  const news = useTold<readonly LineNews[]>({
    span: () => (sees('logs') ? span() : null),
    held: (window) => heldNews(logs, state.id, window),
    heldRows: () => logs.generation.value,
    ask: (window, signal) => askNews(state.id, window, ask, signal),
  });
  return { changes, processes, atMoment, news };

  function runningIn(window: () => TimeSpan | null): ShallowRef<Told<ProcessReport>> {
    return useTold<ProcessReport>({
      span: () => (sees('processes') ? window() : null),
      held: (of) => heldProcesses(history, of),
      heldRows(of) {
        void state.processes.value;
        return history.between(processWindows(of).before.from, of.to).tables;
      },
      ask: (of, signal) =>
        askHub(`${paths.historyProcesses}?${question(of, MOST_PROCESSES)}`, pastProcesses, { signal }),
    });
  }

  function question({ from, to }: TimeSpan, limit: number): string {
    return new URLSearchParams({
      host: state.id,
      from: String(from),
      to: String(to),
      limit: String(limit),
    }).toString();
  }
}
