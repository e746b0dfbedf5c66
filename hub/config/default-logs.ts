/** The log files followed when nobody says which. Those that cannot be read are listed with what is missing. */

const usual: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: [
    '/var/log/*.log',
    '/var/log/syslog',
    '/var/log/messages',
    '/var/log/secure',
    '/var/log/cron',
    '/var/log/maillog',
    '/var/log/*/*.log',
    '/var/log/{apache2,httpd,nginx}/*_log',
  ],
  darwin: ['/var/log/*.log', '/usr/local/var/log/*.log', '/opt/homebrew/var/log/*.log'],
};

export function defaultLogFiles(platform: NodeJS.Platform): string[] {
  return usual[platform] ?? [];
}

/** Rotated and compressed files are the past of a followed one; the others are not made of lines. */
export const defaultLogExcludes = ['**/*.gz', '**/*.xz', '**/*.zst', '**/*.bz2', '**/*.[0-9]', '**/*.old'];
