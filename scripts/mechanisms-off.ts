/**
 * `npm run mechanisms-off [-- WORDS]`: switches the mechanisms that keep promises off, one by one, in a copy
 * of the project, and looks whether the test that stands for each fails. WORDS: only those whose promise number, file or
 * purpose holds one of them. Exits 1 where a mechanism can be lost without a test that notices.
 */
import { allMechanisms } from './mechanisms/all-mechanisms.ts';
import { copyProject, type Verdict } from './mechanisms/switch-off.ts';

const words = process.argv.slice(2);
const chosen = allMechanisms.filter(
  ({ promise, file, what }) =>
    words.length === 0 ||
    words.some((word) => word === String(promise) || file.includes(word) || what.includes(word)),
);

await using project = await copyProject();
const counts: Record<Verdict, number> = { caught: 0, 'NOT CAUGHT': 0, 'not run': 0 };
for (const mechanism of chosen) {
  const { verdict, reason } = await project.judge(mechanism);
  counts[verdict]++;
  const { promise, what, kind, test, title } = mechanism;
  const why = reason === '' ? '' : ` (${reason}: ${kind}/${test} > ${title})`;
  console.log(`${verdict.padEnd(10)}  promise ${String(promise).padStart(2)}  ${what}${why}`);
}
console.log(`${counts.caught} caught, ${counts['NOT CAUGHT']} not caught, ${counts['not run']} not run`);
if (counts['NOT CAUGHT'] > 0 || chosen.length === 0) process.exitCode = 1;
