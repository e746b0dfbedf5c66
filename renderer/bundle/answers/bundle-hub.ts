/**
 * What a hub would answer, answered from a bundle: the same addresses, the same words. The page of a bundle asks nobody else: what no
 * bundle can answer is refused here, and no question leaves the browser.
 */
import type { Bundle } from '../../../shared/bundle/bundle.ts';
import { paths } from '../../../shared/protocol.ts';
import { RegexGuard } from '../../store/regex-guard.ts';
import { answerAlerts } from './answer-alerts.ts';
import { answerChanges } from './answer-changes.ts';
import { answerContext } from './answer-context.ts';
import { answerHistory } from './answer-history.ts';
import { answerNotes } from './answer-notes.ts';
import { answerProcesses } from './answer-processes.ts';
import { answerSearch } from './answer-search.ts';
import { RefusedQuestion } from './query.ts';

type Answer = (query: URLSearchParams) => Response | Promise<Response>;

/** To be asked in the place of `fetch`. */
export function bundleFetch(bundle: Bundle): typeof fetch {
  const guard = new RegexGuard();
  const answers: Readonly<Record<string, Answer>> = {
    [paths.history]: (query) => records(answerHistory(bundle, query)),
    [paths.historyProcesses]: (query) => Response.json(answerProcesses(bundle, query)),
    [paths.historyChanges]: (query) => Response.json(answerChanges(bundle, query)),
    [paths.notes]: (query) => Response.json(answerNotes(bundle, query)),
    [paths.alerts]: (query) => Response.json(answerAlerts(bundle, query)),
    [paths.logSearch]: async (query) => records(await answerSearch(bundle, query, guard)),
    [paths.logContext]: (query) => Response.json(answerContext(bundle, query)),
  };
  return async (input, init) => {
    const { method, url } = new Request(input, init && { ...init, signal: null });
    const { pathname, searchParams } = new URL(url);
    init?.signal?.throwIfAborted();
    const answer = method === 'GET' && Object.hasOwn(answers, pathname) ? answers[pathname] : undefined;
    try {
      if (answer === undefined)
        throw new RefusedQuestion(404, 'not-in-bundle', 'An incident bundle does not hold this.');
      return await answer(searchParams);
    } catch (error) {
      if (!(error instanceof RefusedQuestion)) throw error;
      return Response.json(error.body, { status: error.status });
    }
  };
}

function records(all: readonly unknown[]): Response {
  return new Response(all.map((record) => `${JSON.stringify(record)}\n`).join(''));
}
