/** Which mounts of /proc/self/mountinfo (proc_pid_mountinfo(5)) are filesystems a person cares to see filling up. */

export interface Mount {
  device: string;
  mount: string;
  type: string;
  isReadOnly: boolean;
}

/** The kernel's own, images that are full by nature, and views of what is mounted elsewhere. */
const pseudoTypes = new Set(
  (
    'autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs erofs fuse.gvfsd-fuse ' +
    'fuse.lxcfs fuse.portal fuse.snapfuse fusectl hugetlbfs iso9660 mqueue nsfs proc pstore ramfs ' +
    'rpc_pipefs securityfs selinuxfs squashfs sysfs tracefs'
  ).split(' '),
);

/** Answered by another machine or another program, either of which may hang. */
const remoteTypes = /^(?:nfs4?|cifs|smb3|9p|ceph|glusterfs|afs|lustre|davfs|fuse\..*)$/;

export function isRemote(mount: Mount): boolean {
  return remoteTypes.test(mount.type);
}

/** Those to be shown; of several mounts on one path the last is the one that is seen. */
export function parseMounts(text: string): Mount[] {
  const byPath = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    const mount = parseMount(line);
    if (mount) byPath.set(mount.mount, mount);
  }
  return shownMounts(byPath.values());
}

/** A device that is mounted several times (bind mounts, subvolumes) is listed once, at its shortest path. */
export function shownMounts<Place extends Mount>(mounts: Iterable<Place>): Place[] {
  const byDevice = new Map<string, Place>();
  for (const mount of mounts) {
    if (!isShown(mount)) continue;
    // Only a device or a server's path names one filesystem; "tmpfs" and "overlay" are many.
    const key = mount.device.includes('/') ? mount.device : mount.mount;
    const other = byDevice.get(key);
    if (!other || mount.mount.length < other.mount.length) byDevice.set(key, mount);
  }
  return [...byDevice.values()];
}

/** Of "36 35 98:0 / /mnt rw,noatime master:1 - ext3 /dev/sda1 rw,errors=continue". */
function parseMount(line: string): Mount | null {
  const [place, filesystem] = line.split(' - ');
  const mount = place!.split(' ')[4];
  const [type, device, options] = filesystem?.split(' ') ?? [];
  if (!device || !mount || !type || options === undefined) return null;
  // The filesystem's own word, not the mount's: a sandboxed service sees everything mounted read-only for itself.
  const isReadOnly = options.split(',').includes('ro');
  return { device: unescaped(device), mount: unescaped(mount), type, isReadOnly };
}

function isShown({ mount, type }: Mount): boolean {
  if (pseudoTypes.has(type)) return false;
  if (/^\/(?:dev|proc|sys|snap|var\/lib\/(?:docker|containers))(?:\/|$)/.test(mount)) return false;
  // A container's root is an overlay; the others are layers of containers on this host.
  if (type === 'overlay') return mount === '/';
  return !(type === 'tmpfs' && mount.startsWith('/run'));
}

/** Space, tab, newline and backslash are written in octal. */
function unescaped(text: string): string {
  return text.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}
