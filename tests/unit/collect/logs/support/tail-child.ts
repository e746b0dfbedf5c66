/**
 * A collector in a process of its own, printing each observation as one line of JSON: for what needs
 * other rights or limits than the test's process has. Arguments: a glob; `--nobody` to give up root's rights.
 */
import { createLogCollector } from '../../../../../collect/logs/log-collector.ts';

const [glob, ...flags] = process.argv.slice(2);

if (flags.includes('--nobody') && process.getuid?.() === 0) {
  process.setgroups!([]);
  process.setgid!(65534);
  process.setuid!(65534);
}

const collector = createLogCollector({
  host: 'web-1',
  files: [glob!],
  exclude: [],
  journal: 'off',
  rescanMs: 100,
});
await collector.start((observation) => process.stdout.write(`${JSON.stringify(observation)}\n`));
process.stdin.once('end', () => void collector[Symbol.asyncDispose]()).resume();
