/** `watchline doctor`: looks at everything Watchline needs here, and says what to do about what is missing. */
import { readEnvironment } from '../../hub/config/environment.ts';
import { loadConfig, type Flags } from '../../hub/config/load-config.ts';
import { visibleText } from '../../shared/visible-text.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Check, Finding } from './check.ts';
import { checkDataFolder } from './check-data-folder.ts';
import { checkDesktop } from './check-desktop.ts';
import { checkHub } from './check-hub.ts';
import { checkKernel } from './check-kernel.ts';
import { checkLogs } from './check-logs.ts';
import { checkNode } from './check-node.ts';

const checks: readonly Check[] = [checkNode, checkKernel, checkDataFolder, checkHub, checkLogs, checkDesktop];

const colours: Record<Finding['verdict'], number> = { ok: 32, warn: 33, fail: 31 };

/** Resolves with the exit code: 0 also where there are warnings. */
export async function runDoctor(flags: Flags): Promise<number> {
  const config = await loadConfig({ flags });
  const hasColour = process.stdout.isTTY && readEnvironment().allowsColour;
  let failures = 0;
  for (const check of checks) {
    for (const finding of await check(config)) {
      if (finding.verdict === 'fail') failures += 1;
      process.stdout.write(findingText(finding, hasColour));
    }
  }
  return failures === 0 ? exitCodes.ok.number : exitCodes.checksFailed.number;
}

function findingText({ verdict, text, remedy }: Finding, hasColour: boolean): string {
  const word = hasColour ? `\u001b[${colours[verdict]}m${verdict.padEnd(4)}\u001b[0m` : verdict.padEnd(4);
  const advice = remedy === null ? '' : `      ${visibleText(remedy)}\n`;
  return `${word}  ${visibleText(text)}\n${advice}`;
}
