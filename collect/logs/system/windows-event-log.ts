/**
 * The Windows event logs System and Application, printed by one PowerShell that stays: each event once, by its record's number. Never run
 * on Windows so far: the tests replay what the documentation of Get-WinEvent shows.
 */
import { userInfo } from 'node:os';
import type { LogLevel } from '../../../shared/log-level.ts';
import { record, text } from './json-record.ts';
import type { SystemEvent, SystemLog } from './system-log.ts';
import type { SystemPositions } from './system-positions.ts';

const logs = ['System', 'Application'] as const;
/** Events of each log read at the first start. */
const BACKLOG_EVENTS = 100;

/** StandardEventLevel (Microsoft, System.Diagnostics.Eventing.Reader); 0 is "log always". */
const levels: readonly LogLevel[] = ['info', 'fatal', 'error', 'warn', 'info', 'debug'];

export const windowsEventLog: SystemLog = {
  label: 'event log',
  command: 'powershell.exe',
  args: (read) => ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', script(read)],
  parse: parseWindowsEvent,
  trouble(complaint) {
    if (!/unauthorized|Access is denied/i.test(complaint)) return null;
    const user = userInfo().username;
    const reason = `${user} may not read the event log. Add the user to its readers, as an administrator: net localgroup "Event Log Readers" ${user} /add, then sign in again.`;
    return { state: 'denied', reason };
  },
  forgets: false,
};

/** A record's number that is smaller than the one before: the log was cleared, and begins anew. */
function script(read: SystemPositions): string {
  const places = logs.map((log) => `${log}=${read[log] ?? -1}`).join(';');
  return [
    '[Console]::OutputEncoding=[Text.Encoding]::UTF8',
    `$last=[ordered]@{${places}}`,
    'function Show($e,$l){[Console]::WriteLine((@{log=$l;id=$e.RecordId;time=([DateTimeOffset]$e.TimeCreated).ToUnixTimeMilliseconds();level=$e.Level;provider=$e.ProviderName;event=$e.Id;message=$e.Message}|ConvertTo-Json -Compress))}',
    'while($true){foreach($l in @($last.Keys)){try{',
    '$n=Get-WinEvent -LogName $l -MaxEvents 1 -ErrorAction Stop;if($n.RecordId -lt $last[$l]){$last[$l]=0}',
    `if($last[$l] -lt 0){$es=@(Get-WinEvent -LogName $l -MaxEvents ${BACKLOG_EVENTS} -ErrorAction Stop);[array]::Reverse($es)}`,
    'elseif($n.RecordId -gt $last[$l]){$es=@(Get-WinEvent -LogName $l -FilterXPath "*[System[EventRecordID>$($last[$l])]]" -Oldest -ErrorAction Stop)}',
    'else{$es=@()}',
    'foreach($e in $es){Show $e $l;$last[$l]=$e.RecordId}',
    '}catch{if($_.FullyQualifiedErrorId -notlike \'*NoMatchingEventsFound*\'){[Console]::Error.WriteLine("${l}: $($_.Exception.Message)")}}}',
    'Start-Sleep -Seconds 1}',
  ].join('\n');
}

function parseWindowsEvent(line: string): SystemEvent | null {
  const { log, id, time, level, provider, event, message } = record(line);
  if (typeof id !== 'number' || typeof time !== 'number' || !logs.some((known) => known === log)) return null;
  return {
    event: {
      time,
      level: typeof level === 'number' ? (levels[level] ?? null) : null,
      source: (text(provider) || 'event log').slice(0, 255),
      text: text(message).replaceAll('\r\n', '\n').trimEnd(),
      fields: { log: text(log), ...(typeof event === 'number' && { event }) },
    },
    log: text(log),
    place: id,
  };
}
