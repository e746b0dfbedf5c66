/** `npm run audit`: known weaknesses of the packages used here. Exits 1 where one has to be dealt with; skipped where none can be asked for. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { auditExceptions, judgeAudit } from './audit/judge-audit.ts';
import { inProject } from './launch/project.ts';

const ASK_LIMIT_MS = 60_000;

const exceptions = auditExceptions.parse(
  JSON.parse(readFileSync(inProject('.ci/audit-exceptions.json'), 'utf8')),
);
const { unreachable, faults, excepted } = judgeAudit(
  await askNpm(),
  exceptions,
  new Date().toISOString().slice(0, 10),
);

for (const line of excepted) console.log(`Known: ${line}`);
for (const line of faults) console.log(`To deal with: ${line}`);
if (unreachable !== null)
  console.log(`Skipped: the audit of packages, because no advisories could be read (${unreachable}).`);
else if (faults.length === 0)
  console.log('No package used here has a known weakness that is not dealt with.');
if (faults.length > 0) process.exitCode = 1;

/** Its exit code says what its output does. */
function askNpm(): Promise<string> {
  const words = ['audit', '--json', '--fetch-retries=0', `--fetch-timeout=${ASK_LIMIT_MS / 2}`];
  const options = {
    cwd: inProject('.'),
    timeout: ASK_LIMIT_MS,
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  };
  return new Promise((resolve) => {
    execFile('npm', words, options, (_error, stdout) => resolve(stdout));
  });
}
