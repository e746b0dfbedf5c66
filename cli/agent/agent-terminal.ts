/** What an agent says of itself: a line when something changes, and none while nothing does. */
import type { UplinkNews } from '../../agent/uplink/uplink-news.ts';
import type { WatchlineError } from '../../shared/errors.ts';
import { visibleText } from '../../shared/visible-text.ts';

export interface AgentTerminal {
  say(text: string): void;
  tell(news: UplinkNews): void;
  tellDisk(trouble: WatchlineError | null): void;
}

/** Lines begin with the time, as a supervisor's log wants them. */
export function agentTerminal(stream: NodeJS.WritableStream): AgentTerminal {
  const say = (text: string): void => {
    stream.write(`${new Date().toISOString()} ${visibleText(text)}\n`);
  };
  return {
    say,
    tell: (news) => say(sentenceOf(news)),
    tellDisk: (trouble) => say(trouble === null ? 'The spool can be written again.' : wordsOf(trouble)),
  };
}

function sentenceOf(news: UplinkNews): string {
  switch (news.kind) {
    case 'connected':
      return `Connected (${news.protocol}).${keptText(news.waiting)}`;
    case 'trouble':
      return `${wordsOf(news.trouble)} Meanwhile everything is kept here; tried again in ${spanOf(news.tryAgainMs)}.`;
    case 'refused':
      return `The hub refused record ${news.refusal.seq} of run ${news.refusal.run} (${news.refusal.code}): ${news.refusal.message} Others refused for that reason are not named.`;
    case 'paused':
      return 'The owner paused this host: nothing is collected until that is over.';
    case 'resumed':
      return 'The pause is over: collecting again.';
  }
}

function keptText(records: number): string {
  return records === 0 ? '' : ` ${records} records that were kept meanwhile are sent beside what is new.`;
}

/** What, why, and what to do. */
export function wordsOf({ message, remedy }: WatchlineError): string {
  return remedy === null ? message : `${message} ${remedy}`;
}

function spanOf(ms: number): string {
  if (ms < 90_000) return `${Math.max(1, Math.round(ms / 1_000))} s`;
  return ms < 90 * 60_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
