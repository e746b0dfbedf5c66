/**
 * The formats of log lines in one table, each with an example of its own and what that example says;
 * the examples are the test. Tried in order, and only where the line's first character fits.
 */
import type { LogLevel } from '../../../shared/log-level.ts';
import type { Clock } from './clock.ts';
import {
  accessLog,
  aptHistory,
  aptTerminal,
  ctimeAtStart,
  ctimeInBrackets,
  epoch,
  isoAtStart,
  isoInBrackets,
  javaUtilLogging,
  kernelRing,
  klog,
  levelThenIso,
  linuxAudit,
  logcat,
  php,
  plainSyslog,
  prioritySyslog,
  pythonTraceback,
  redis,
  rubyLogger,
  syslog5424,
  timeOfDay,
  tomcat,
  updateAlternatives,
  type Recognised,
} from './recognisers.ts';

export interface LineFormat {
  name: string;
  example: string;
  /** What the example says: an ISO time (without a zone: the machine's own), read in June 2026. */
  says: { time: string | null; level: LogLevel | null };
  /** Characters a line of this format may start with; null: any. */
  starts: string | null;
  recognise(text: string, clock: Clock): Recognised | null;
}

const DIGITS = '0123456789';
const MONTHS = 'JFMASOND';

export const lineFormats: readonly LineFormat[] = [
  {
    name: 'RFC 5424 syslog',
    example: '<11>1 2026-01-02T03:04:05.678Z web-1 app 123 ID47 - it broke',
    says: { time: '2026-01-02T03:04:05.678Z', level: 'error' },
    starts: '<',
    recognise: syslog5424,
  },
  {
    name: 'RFC 3164 syslog with a priority',
    example: '<28>Jan  2 03:04:05 web-1 cron[7]: late',
    says: { time: '2026-01-02T03:04:05', level: 'warn' },
    starts: '<',
    recognise: prioritySyslog,
  },
  {
    name: 'RFC 3164 syslog',
    example: 'Dec 31 23:59:59 web-1 sshd[42]: error: Connection reset',
    says: { time: '2025-12-31T23:59:59', level: 'error' },
    starts: MONTHS,
    recognise: plainSyslog,
  },
  {
    name: 'java.util.logging',
    example: 'Jan 02, 2026 3:04:05 PM org.example.Main run WARNING: slow',
    says: { time: '2026-01-02T15:04:05', level: 'warn' },
    starts: MONTHS,
    recognise: javaUtilLogging,
  },
  {
    name: 'ISO 8601 (and Python, log4j, logback, dpkg, PostgreSQL, MySQL)',
    example: '2026-01-02 03:04:05,678 - worker - WARNING - queue is long',
    says: { time: '2026-01-02T03:04:05.678', level: 'warn' },
    starts: DIGITS,
    recognise: isoAtStart,
  },
  {
    name: 'ISO 8601 with an offset',
    example: '2026-01-02T03:04:05+01:00 web-1 kernel: all is well',
    says: { time: '2026-01-02T02:04:05Z', level: null },
    starts: DIGITS,
    recognise: isoAtStart,
  },
  {
    name: 'container runtime (CRI)',
    example: '2026-01-02T03:04:05.678901234Z stderr F {"level":"error","msg":"it broke"}',
    says: { time: '2026-01-02T03:04:05.678Z', level: 'error' },
    starts: DIGITS,
    recognise: isoAtStart,
  },
  {
    name: 'Go log and nginx error log',
    example: '2026/01/02 03:04:05 [crit] 123#0: *1 open() failed',
    says: { time: '2026-01-02T03:04:05', level: 'fatal' },
    starts: DIGITS,
    recognise: isoAtStart,
  },
  {
    name: 'ISO 8601 in brackets',
    example: '[2026-01-02 03:04:05 +0000] [123] [INFO] Booting worker',
    says: { time: '2026-01-02T03:04:05Z', level: 'info' },
    starts: '[',
    recognise: isoInBrackets,
  },
  {
    name: 'Apache error log',
    example: '[Fri Jan 02 03:04:05.678901 2026] [core:error] [pid 7] it broke',
    says: { time: '2026-01-02T03:04:05.678', level: 'error' },
    starts: '[',
    recognise: ctimeInBrackets,
  },
  {
    name: 'ctime',
    example: 'Fri Jan  2 03:04:05 2026 : backup done',
    says: { time: '2026-01-02T03:04:05', level: null },
    starts: 'MTWFS',
    recognise: ctimeAtStart,
  },
  {
    name: 'klog',
    example: 'W0102 03:04:05.678901       1 reflector.go:12] slow',
    says: { time: '2026-01-02T03:04:05.678', level: 'warn' },
    starts: 'IWEFD',
    recognise: klog,
  },
  {
    name: 'Redis',
    example: '123:M 02 Jan 2026 03:04:05.678 # Out of memory',
    says: { time: '2026-01-02T03:04:05.678', level: 'warn' },
    starts: DIGITS,
    recognise: redis,
  },
  {
    name: 'Tomcat',
    example: '02-Jan-2026 03:04:05.678 SEVERE [main] it broke',
    says: { time: '2026-01-02T03:04:05.678', level: 'error' },
    starts: DIGITS,
    recognise: tomcat,
  },
  {
    name: 'PHP',
    example: '[02-Jan-2026 03:04:05 UTC] WARNING: it is slow',
    says: { time: '2026-01-02T03:04:05Z', level: 'warn' },
    starts: '[',
    recognise: php,
  },
  {
    name: 'Ruby logger',
    example: 'W, [2026-01-02T03:04:05.678901 #123]  WARN -- : slow',
    says: { time: '2026-01-02T03:04:05.678', level: 'warn' },
    starts: 'DIWEFA',
    recognise: rubyLogger,
  },
  {
    name: 'Android logcat',
    example: '01-02 03:04:05.678  1234  5678 E Tag: it broke',
    says: { time: '2026-01-02T03:04:05.678', level: 'error' },
    starts: DIGITS,
    recognise: logcat,
  },
  {
    name: 'a level, then ISO 8601 (Django, Winston)',
    example: '[ERROR] 2026-01-02 03:04:05 it broke',
    says: { time: '2026-01-02T03:04:05', level: 'error' },
    starts: '[TDIWECFSNAPVLtdiwecfsnapvl',
    recognise: levelThenIso,
  },
  {
    name: 'epoch seconds or milliseconds',
    example: '1767323045.678    312 10.0.0.7 TCP_MISS/200 4512 GET',
    says: { time: '2026-01-02T03:04:05.678Z', level: null },
    starts: '1',
    recognise: epoch,
  },
  {
    name: 'access log (common and combined)',
    example: '10.0.0.7 - ana [02/Jan/2026:03:04:05 +0100] "GET /missing HTTP/1.1" 404 153 "-" "curl/8"',
    says: { time: '2026-01-02T02:04:05Z', level: 'warn' },
    starts: null,
    recognise: accessLog,
  },
  {
    name: 'access log of Werkzeug',
    example: '10.0.0.7 - - [02/Jan/2026 03:04:05] "GET / HTTP/1.1" 500 -',
    says: { time: '2026-01-02T03:04:05', level: 'error' },
    starts: null,
    recognise: accessLog,
  },
  {
    name: 'time of day',
    example: '03:04:05.678 [main] DEBUG org.example.Main - starting',
    says: { time: '2026-06-01T03:04:05.678', level: 'debug' },
    starts: DIGITS,
    recognise: timeOfDay,
  },
  {
    name: 'kernel ring',
    example: '[   12.345678] usb 1-1: new device',
    says: { time: null, level: null },
    starts: '[',
    recognise: kernelRing,
  },
  {
    name: 'apt history',
    example: 'Start-Date: 2026-01-02  03:04:05',
    says: { time: '2026-01-02T03:04:05', level: null },
    starts: 'SE',
    recognise: aptHistory,
  },
  {
    name: 'apt terminal log',
    example: 'Log started: 2026-01-02  03:04:05',
    says: { time: '2026-01-02T03:04:05', level: null },
    starts: 'L',
    recognise: aptTerminal,
  },
  {
    name: 'update-alternatives',
    example: 'update-alternatives 2026-01-02 03:04:05: run with --install',
    says: { time: '2026-01-02T03:04:05', level: null },
    starts: 'u',
    recognise: updateAlternatives,
  },
  {
    name: 'Linux audit',
    example: 'type=SYSCALL msg=audit(1767323045.678:42): arch=c000003e success=yes',
    says: { time: '2026-01-02T03:04:05.678Z', level: null },
    starts: 't',
    recognise: linuxAudit,
  },
  {
    name: 'Python traceback',
    example: 'Traceback (most recent call last):',
    says: { time: null, level: 'error' },
    starts: 'T',
    recognise: pythonTraceback,
  },
];
