/** The `watchline` command. */
import { parseFlags } from '../hub/config/parse-flags.ts';
import { reportError } from './report-error.ts';

async function run([command, ...words]: string[]): Promise<void> {
  // A running hub is to be small: commander, and what it loads, costs 4 MB that only help and other commands need.
  if (command === 'hub' && !words.some((word) => ['-h', '--help'].includes(word))) {
    const { runHub } = await import('./hub/run-hub.ts');
    process.exitCode = await runHub(parseFlags(words));
  } else {
    const { buildProgram } = await import('./program.ts');
    await buildProgram().parseAsync();
  }
}

run(process.argv.slice(2)).catch((error: unknown) => {
  process.exitCode = reportError(error);
});
