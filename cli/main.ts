/** The `watchline` command. */
import { buildProgram } from './program.ts';
import { reportError } from './report-error.ts';

buildProgram()
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = reportError(error);
  });
