/** Why the second listener could not be opened, in one sentence each. */
import { WatchlineError } from '../../shared/errors.ts';
import { NETWORK_PORT } from '../../shared/schema/reach.ts';

/** Ports tried, from `NETWORK_PORT` on, where any will do. */
const PORTS_TRIED = 20;

export const wantedPorts: readonly number[] = Array.from(
  { length: PORTS_TRIED },
  (_, index) => NETWORK_PORT + index,
);

/** `listening` failed with it. */
export function portProblem(port: number, trouble: WatchlineError): WatchlineError {
  const { code } = trouble.cause as NodeJS.ErrnoException;
  if (trouble.code === 'port-in-use') {
    return new WatchlineError('port-in-use', `Port ${port} is already in use by another program.`, {
      remedy: `Choose another port for "This network", such as ${port === 65_535 ? NETWORK_PORT : port + 1}, or stop that program.`,
      isRetryable: true,
      cause: trouble,
    });
  }
  if (code === 'EACCES') {
    return new WatchlineError('port-not-allowed', `Port ${port} may be opened by administrators only.`, {
      remedy: 'Choose a port above 1023 for "This network".',
      cause: trouble,
    });
  }
  return trouble;
}
