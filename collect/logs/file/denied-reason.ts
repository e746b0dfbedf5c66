/** Says why a file cannot be read and how the permission is given. */
import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';

/** One sentence or two, with the command that helps on this machine. */
export async function deniedReason(file: string): Promise<string> {
  const user = userInfo().username;
  const stats = await stat(file).catch(() => null);
  if (stats === null) {
    return `${file} is in a folder that ${user} may not enter. Let it: sudo setfacl -m u:${user}:x on that folder.`;
  }
  const bits = stats.isDirectory() ? 0o050 : 0o040;
  const group = await groupName(stats.gid);
  if ((stats.mode & bits) === bits && group !== null && stats.gid !== 0) {
    return `Only the group ${group} may read ${file}. Add the user to it: sudo usermod -aG ${group} ${user}, then start Watchline again.`;
  }
  const right = stats.isDirectory() ? 'rx' : 'r';
  return `${user} may not read ${file}. Allow it: sudo setfacl -m u:${user}:${right} ${file}`;
}

async function groupName(gid: number): Promise<string | null> {
  const groups = await readFile('/etc/group', 'utf8').catch(() => '');
  for (const line of groups.split('\n')) {
    const [name, , id] = line.split(':');
    if (name !== undefined && id === String(gid)) return name;
  }
  return null;
}
