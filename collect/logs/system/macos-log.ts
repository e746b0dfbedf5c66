/**
 * macOS's unified log, as `log stream --style ndjson` prints it: errors and faults, because all that is logged at the default level is
 * hundreds of lines a second on an idle machine. Never run on a Mac so far: the tests replay what its manual shows.
 */
import { userInfo } from 'node:os';
import path from 'node:path';
import type { LogLevel } from '../../../shared/log-level.ts';
import type { Fields } from '../formats/fields.ts';
import { record, text } from './json-record.ts';
import type { SystemEvent, SystemLog } from './system-log.ts';

const levels: Readonly<Record<string, LogLevel>> = {
  Debug: 'debug',
  Info: 'info',
  Default: 'info',
  Error: 'error',
  Fault: 'fatal',
};

export const macosLog: SystemLog = {
  label: 'system log',
  command: '/usr/bin/log',
  args: () => ['stream', '--style', 'ndjson', '--predicate', 'messageType == error OR messageType == fault'],
  parse: parseMacosEvent,
  trouble(complaint) {
    if (!/must be (?:admin|root)|not permitted|Permission denied/i.test(complaint)) return null;
    const user = userInfo().username;
    const reason = `${user} may not read the system log. Make the user an administrator: sudo dseditgroup -o edit -a ${user} -t user admin, then start Watchline again.`;
    return { state: 'denied', reason };
  },
  forgets: true,
};

function parseMacosEvent(line: string): SystemEvent | null {
  const { timestamp, messageType, eventMessage, processImagePath, subsystem, category } = record(line);
  const time = timeOf(text(timestamp));
  if (time === null) return null;
  const source = path.posix.basename(text(processImagePath)) || 'system';
  const fields: Fields = {};
  if (text(subsystem) !== '') fields['subsystem'] = text(subsystem);
  if (text(category) !== '') fields['category'] = text(category);
  const level = levels[text(messageType)] ?? null;
  return { event: { time, level, source, text: text(eventMessage), fields }, log: 'unified', place: time };
}

/** "2026-01-02 03:04:05.678901-0800": epoch milliseconds. */
function timeOf(stamp: string): number | null {
  const [, date, time, hours, minutes] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})\d*([+-]\d\d)(\d\d)$/.exec(stamp) ?? [];
  const ms = Date.parse(`${date}T${time}${hours}:${minutes}`);
  return Number.isNaN(ms) ? null : ms;
}
