/** What the log said for the first time in a window: from the lines that the page holds, or from the archive. */
import type { HubAnswer } from '../../../app/ask-hub.ts';
import type { InTurn } from '../../../app/in-turn.ts';
import type { TimeSpan } from '../../../app/time-range.ts';
import type { LogStore } from '../../../store/log-store.ts';
import type { SearchOrder } from '../../../../shared/schema/log-search.ts';
import { askWindow } from '../../logs/ask-window.ts';
import { tailLines, tailReaches } from '../../logs/tail-reach.ts';
import { seriesWindows } from './compared-windows.ts';
import { lineNews, type LineNews } from './line-news.ts';
import type { Held } from './use-told.ts';

/** Lines of each window that are compared: more say the same again. */
const MOST_LINES = 2_000;

/** Nobody waits for the answer any more. */
const leftOut: HubAnswer<never> = { isGood: false, sentence: '', code: '' };

/** Null where nothing of it is held. */
export function heldNews(logs: LogStore, host: string, window: TimeSpan): Held<LineNews[]> | null {
  const { before } = seriesWindows(window);
  if (!tailReaches(logs, host, before.from)) return null;
  return {
    value: lineNews(tailLines(logs, host, window), tailLines(logs, host, lastOf(before))),
    isWhole: true,
  };
}

/** After an abort the answer means nothing. */
export async function askNews(
  host: string,
  window: TimeSpan,
  askInTurn: InTurn,
  signal: AbortSignal,
): Promise<HubAnswer<LineNews[]>> {
  const ask = (span: TimeSpan, order: SearchOrder) =>
    askInTurn(() => askWindow({ host, span, order, limit: MOST_LINES }, signal), signal);
  const before = lastOf(seriesWindows(window).before);
  const now = (await ask(window, 'oldest')) ?? leftOut;
  if (!now.isGood) return now;
  const earlier = (await ask(before, 'newest')) ?? leftOut;
  if (!earlier.isGood) return earlier;
  const [said, known] = [now, earlier].map(({ value }) => value.lines.map(({ line }) => line));
  return { isGood: true, value: lineNews(said!, known!) };
}

/** The window begins where it ends: that moment is of the window. */
function lastOf({ from, to }: TimeSpan): TimeSpan {
  return { from, to: to - 1 };
}
