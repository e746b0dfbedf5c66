/** What is followed and what is left out where nothing is configured. */

/** Globs by `process.platform`; a platform that is not named has none. */
export const defaultLogFiles: Readonly<Record<string, readonly string[]>> = {
  linux: [
    '/var/log/**/*.log',
    '/var/log/{syslog,messages,secure,maillog,cron,debug,warn,news}',
    '/var/log/{httpd,apache2,cups}/*_log',
  ],
  darwin: [
    '/var/log/*.log',
    '/Library/Logs/*.log',
    '/usr/local/var/log/*.log',
    '/opt/homebrew/var/log/*.log',
  ],
  win32: [],
};

/**
 * Left out besides what the configuration leaves out: earlier generations (they were read while they
 * were current), compressed files, and the binary ones of login, accounting, sysstat and journald.
 */
export const alwaysExcluded: readonly string[] = [
  '/**/*.{gz,bz2,xz,zst,lz4,zip,Z,lzma}',
  '/**/*.[0-9]',
  '/**/*.[0-9][0-9]',
  '/**/*.[0-9][0-9][0-9]',
  '/**/*.{old,bak,swp,tmp,dpkg-new,dpkg-old}',
  '/**/*~',
  '/**/*{.log,_log,.err,.out,syslog,messages,secure,maillog,cron,debug}-[0-9][0-9][0-9][0-9]*',
  '/**/*.log.[0-9]*',
  '/**/{wtmp,btmp,lastlog,faillog,tallylog,utmp}*',
  '/**/*.{journal,journal~,db,sqlite,pcap,core}',
  '/**/sysstat/sa[0-9]*',
];

/**
 * What rsyslog and syslog-ng write by default where journald runs: the journal's own lines once more. Left out where
 * the journal is read and nothing is configured.
 */
export const journalCopies: readonly string[] = [
  '/var/log/{syslog,messages,secure,maillog,cron,debug,warn}',
  '/var/log/{auth,cron,daemon,kern,mail,user}.log',
];

/** True for the list of any platform: then nobody asked for a file by name. */
export function isDefaultLogFiles(files: readonly string[]): boolean {
  return Object.values(defaultLogFiles).some(
    (defaults) =>
      defaults.length === files.length && defaults.every((pattern, index) => pattern === files[index]),
  );
}
