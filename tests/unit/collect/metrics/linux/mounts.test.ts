/** Which mounts are shown. */
import { describe, expect, it } from 'vitest';
import { isRemote, parseMounts } from '../../../../../collect/metrics/linux/mounts.ts';
import { mountinfo } from './mountinfo.ts';

const paths = (text: string) => parseMounts(mountinfo(text)).map(({ mount }) => mount);

describe('mounts', () => {
  it('leave out what holds no files of anybody', () => {
    const text = `proc /proc proc rw,relatime 0 0
sysfs /sys sysfs rw 0 0
devtmpfs /dev devtmpfs rw 0 0
tmpfs /run tmpfs rw 0 0
tmpfs /run/user/1000 tmpfs rw 0 0
tmpfs /tmp tmpfs rw 0 0
cgroup2 /sys/fs/cgroup cgroup2 rw 0 0
/dev/loop3 /snap/core/1 squashfs ro 0 0
systemd-1 /mnt/auto autofs rw 0 0
overlay /var/lib/docker/overlay2/x/merged overlay rw 0 0
/dev/sda2 / ext4 rw 0 0
/dev/sda1 /boot/efi vfat rw 0 0
`;
    expect(paths(text)).toEqual(['/tmp', '/', '/boot/efi']);
  });

  it('show a device once, at its shortest path', () => {
    const text = `/dev/sda2 /var/lib/app/data ext4 rw 0 0
/dev/sda2 /srv ext4 rw 0 0
server:/export /mnt/a nfs4 rw 0 0
server:/export /mnt/longer nfs4 rw 0 0
`;
    expect(paths(text)).toEqual(['/srv', '/mnt/a']);
  });

  it('show what lies on top where one path is mounted twice', () => {
    const [mount, ...others] = parseMounts(
      mountinfo('/dev/sda2 /data ext4 rw 0 0\n/dev/sdb1 /data xfs ro,noatime 0 0\n'),
    );
    expect(mount).toEqual({ device: '/dev/sdb1', mount: '/data', type: 'xfs', isReadOnly: true });
    expect(others).toEqual([]);
  });

  it("show a container's root", () => {
    expect(paths('overlay / overlay rw 0 0\n/dev/sda1 /etc/hosts ext4 rw 0 0\n')).toEqual([
      '/',
      '/etc/hosts',
    ]);
  });

  it('have their escapes undone', () => {
    expect(paths('/dev/sdc1 /media/my\\040disk\\134x ext4 rw 0 0\n')).toEqual(['/media/my disk\\x']);
  });

  it('are as the filesystem is, not as a sandbox shows it', () => {
    const [mount] = parseMounts('36 35 98:0 / /srv ro,relatime - ext4 /dev/sda1 rw,errors=remount-ro\n');
    expect(mount!.isReadOnly).toBe(false);
  });

  it('survive lines that are no mounts', () => {
    expect(parseMounts('\n\nnonsense\n36 35 98:0 / / rw - ext4\n - \n')).toEqual([]);
  });

  it('tell which may hang', () => {
    const types = ['nfs4', 'cifs', 'fuse.sshfs', '9p', 'ext4', 'xfs', 'zfs'];
    const remote = types.filter((type) => isRemote({ device: 'd', mount: '/m', type, isReadOnly: false }));
    expect(remote).toEqual(['nfs4', 'cifs', 'fuse.sshfs', '9p']);
  });
});
