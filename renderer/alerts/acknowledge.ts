/** Says that somebody has seen an alert. It comes back acknowledged with the stream, as for every reader. */
import { paths } from '../../shared/protocol.ts';
import { alertAnswer } from '../../shared/schema/alerts.ts';
import { askHub } from '../app/ask-hub.ts';

/** One after the other; stops at the first that fails. Null: done. Else one sentence to show. */
export async function acknowledge(ids: readonly string[]): Promise<string | null> {
  for (const id of ids) {
    const answer = await askHub(`${paths.alerts}/${id}/acknowledge`, alertAnswer, { method: 'POST' });
    // It ended meanwhile: there is nothing to see any more.
    if (!answer.isGood && answer.code !== 'not-found') return answer.sentence;
  }
  return null;
}
