/** What the kernel offers: the files metrics are read from, and watches for log files. Linux only. */
import { readFile } from 'node:fs/promises';
import { fail, ok, warn, type Finding } from './check.ts';

const needed = ['/proc/stat', '/proc/meminfo', '/proc/uptime'];
const useful = [
  '/proc/diskstats',
  '/proc/net/dev',
  '/proc/loadavg',
  '/proc/vmstat',
  '/proc/pressure/cpu',
  '/proc/net/snmp',
];

/** Each followed folder takes one watch; editors and build tools take the rest by the thousand. */
const FEW_WATCHES = 8_192;

export async function checkKernel(): Promise<Finding[]> {
  if (process.platform !== 'linux') return [];
  return [await checkNeeded(), ...(await checkUseful()), ...(await checkWatches())];
}

async function checkNeeded(): Promise<Finding> {
  const missing = await unreadable(needed);
  if (missing.length === 0) return ok('the kernel tells CPU, memory and uptime');
  return fail(`${missing.join(', ')} cannot be read`, 'Mount /proc in this container or chroot.');
}

async function checkUseful(): Promise<Finding[]> {
  const missing = await unreadable(useful);
  if (missing.length === 0) return [];
  return [warn(`${missing.join(', ')} cannot be read`, 'What they tell is left out; the rest is shown.')];
}

async function checkWatches(): Promise<Finding[]> {
  const [watches, instances] = await Promise.all(
    ['max_user_watches', 'max_user_instances'].map(async (name) =>
      Number(await text(`/proc/sys/fs/inotify/${name}`)),
    ),
  );
  if (!watches || !instances) return [];
  if (watches >= FEW_WATCHES)
    return [ok(`inotify: ${watches} watches, ${instances} instances for each user`)];
  return [
    warn(
      `inotify allows only ${watches} watches for each user`,
      'Where they run out, logs are polled; raise it with sysctl fs.inotify.max_user_watches=65536.',
    ),
  ];
}

async function unreadable(files: readonly string[]): Promise<string[]> {
  const texts = await Promise.all(files.map(text));
  return files.filter((_, index) => texts[index] === null);
}

function text(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}
