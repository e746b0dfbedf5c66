/** The `watchline` command. */
import { parseFlags } from '../hub/config/parse-flags.ts';
import { agentSettings, hubSettings } from '../hub/config/settings.ts';
import { reportError } from './report-error.ts';

async function run([command, ...words]: string[]): Promise<void> {
  // What runs for months is to be small: commander, and what it loads, costs 4 MB that only help and other commands need.
  const isPlain = words.every((word) => !['-h', '--help'].includes(word));
  if (command === 'hub' && isPlain) {
    const { runHub } = await import('./hub/run-hub.ts');
    process.exitCode = await runHub(parseFlags(words, hubSettings, 'refused'));
  } else if (command === 'agent' && isPlain && !(words[0] !== undefined && /^[a-z]/.test(words[0]))) {
    const { runAgent } = await import('./agent/run-agent.ts');
    process.exitCode = await runAgent(parseFlags(words, agentSettings, 'refused'));
  } else {
    const { buildProgram } = await import('./program.ts');
    await buildProgram().parseAsync();
  }
}

run(process.argv.slice(2)).catch((error: unknown) => {
  process.exitCode = reportError(error);
});
