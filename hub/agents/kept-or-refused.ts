/** Writing a file of state for somebody who waits for the answer. */
import { uplinkProblems } from '../../shared/schema/uplink.ts';
import { ProblemError } from '../http/problem.ts';

/** `keep` writes. `otherwise`: what it means for the one who asked that it failed, one sentence. Throws a 503 `ProblemError` then; one that `keep` throws itself goes on as it is. */
export function keptOrRefused<Value>(otherwise: string, keep: () => Value): Value {
  try {
    return keep();
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    const { message } = cause as Error;
    throw new ProblemError(
      503,
      uplinkProblems.diskFull,
      `The hub cannot write its data folder: ${message}. ${otherwise}`,
      {
        remedy: 'Make room on the disk of the hub, or let its user write there, and try again.',
        isRetryable: true,
        headers: { 'Retry-After': '15' },
        cause,
      },
    );
  }
}
