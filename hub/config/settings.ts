/**
 * Every setting once: where it may be given, and what it must be, in words. The parser of flags, the help, the
 * environment, the messages and docs/operations.md all come from this table.
 */
import { agentSettings as ofAgents } from './settings/agent-settings.ts';
import { servingSettings } from './settings/serving-settings.ts';
import type { Setting } from './settings/setting.ts';
import { streamSettings } from './settings/stream-settings.ts';

export type { Setting } from './settings/setting.ts';

export const settings = [...servingSettings, ...streamSettings, ...ofAgents] as const;

/** Of a hub, and of the desktop app: it observes its own machine, and has no uplink. */
export const hubSettings: readonly Setting[] = settings.filter(({ key }) => !key.startsWith('uplink.'));

/** Of an agent that sends to a hub elsewhere: its machine, and the way. */
export const agentSettings: readonly Setting[] = ofAgents;

/** The config file itself is named by a flag or the environment only. */
export const configFileSetting = {
  flag: '--config <file>',
  variable: 'WATCHLINE_CONFIG',
  summary: 'config file, YAML or JSON',
} as const;

/** "--processes-interval <ms>" is handed over as `processesInterval`, "--no-open" as `open`, as commander names them. */
export function flagName(flag: string): string {
  const word = flag.split(' ')[0]!.replace(/^--(no-)?/, '');
  return word.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
