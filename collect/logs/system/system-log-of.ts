/** Which system has a log of its own that is read here. */
import { macosLog } from './macos-log.ts';
import type { SystemLog } from './system-log.ts';
import { windowsEventLog } from './windows-event-log.ts';

/** `platform`: as `process.platform`. Null: none; on Linux that is the journal, read by itself. */
export function systemLogOf(platform: string): SystemLog | null {
  if (platform === 'darwin') return macosLog;
  return platform === 'win32' ? windowsEventLog : null;
}
