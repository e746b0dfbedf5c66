/** What the log said for the first time in a window: from the lines that the page holds, or from the archive. */
import type { HubAnswer } from '../../../app/ask-hub.ts';
import type { TimeSpan } from '../../../app/time-range.ts';
import type { LogStore } from '../../../store/log-store.ts';
import { askWindow } from '../../logs/ask-window.ts';
import { tailLines, tailReaches } from '../../logs/tail-reach.ts';
import { seriesWindows } from './compared-windows.ts';
import { lineNews, type LineNews } from './line-news.ts';
import type { Held } from './use-told.ts';

/** Lines of each window that are compared: more say the same again. */
const MOST_LINES = 2_000;

/** Null where nothing of it is held. */
export function heldNews(logs: LogStore, host: string, window: TimeSpan): Held<LineNews[]> | null {
  const { before } = seriesWindows(window);
  if (!tailReaches(logs, host, before.from)) return null;
  return {
    value: lineNews(tailLines(logs, host, window), tailLines(logs, host, lastOf(before))),
    isWhole: true,
  };
}

export async function askNews(
  host: string,
  window: TimeSpan,
  signal: AbortSignal,
): Promise<HubAnswer<LineNews[]>> {
  const before = lastOf(seriesWindows(window).before);
  const now = await askWindow({ host, span: window, order: 'oldest', limit: MOST_LINES }, signal);
  if (!now.isGood) return now;
  const earlier = await askWindow({ host, span: before, order: 'newest', limit: MOST_LINES }, signal);
  if (!earlier.isGood) return earlier;
  const [said, known] = [now, earlier].map(({ value }) => value.lines.map(({ line }) => line));
  return { isGood: true, value: lineNews(said!, known!) };
}

/** The window begins where it ends: that moment is of the window. */
function lastOf({ from, to }: TimeSpan): TimeSpan {
  return { from, to: to - 1 };
}
