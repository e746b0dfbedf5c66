/** Figures of mounted filesystems, through a tree that names this machine's folders as mounts. */
import { statfsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FilesystemReader } from '../../../../../collect/metrics/linux/filesystems.ts';
import { filesystems } from '../../../../../shared/schema/slow-tiers.ts';
import { until } from '../../../../support/until.ts';
import { mountinfo } from './mountinfo.ts';
import { KernelTree } from '../../../../support/kernel-tree.ts';

let tree: KernelTree;
beforeEach(() => {
  tree = new KernelTree();
});
afterEach(() => tree[Symbol.dispose]());

describe('filesystems', () => {
  it('are told where they can be asked, and left out where not', async () => {
    tree.folder('data').write({
      'proc/self/mountinfo': mountinfo('/dev/sda1 /data ext4 ro 0 0\n/dev/sdb1 /gone xfs rw 0 0\n'),
    });
    const mounts = await new FilesystemReader(tree.root).read();
    const { blocks, bsize, files } = statfsSync(tree.root);
    expect(filesystems.parse({ host: 'h', time: 0, mounts }).mounts).toHaveLength(1);
    expect(mounts[0]).toMatchObject({
      mount: '/data',
      device: '/dev/sda1',
      type: 'ext4',
      isReadOnly: true,
      totalBytes: blocks * bsize,
      inodesTotal: files > 0 ? files : null,
    });
  });

  it('are none where the kernel lists none', async () => {
    expect(await new FilesystemReader(tree.root).read()).toEqual([]);
  });

  it('are not held up by one that hangs, which is not asked again, nor are other remote ones meanwhile', async () => {
    tree.write({
      'proc/self/mountinfo': mountinfo(
        'a:/x /nfs nfs4 rw 0 0\n/dev/sda1 / ext4 rw 0 0\nb:/y /other nfs4 rw 0 0\n',
      ),
    });
    const asked: string[] = [];
    const hung = Promise.withResolvers<never>();
    const reader = new FilesystemReader(tree.root, {
      timeoutMs: 10,
      statfs: (path) => {
        asked.push(path.slice(tree.root.length));
        return path.endsWith('/nfs') ? hung.promise : statfs(tree.root);
      },
    });
    expect((await reader.read()).map(({ mount }) => mount)).toEqual(['/']);
    expect((await reader.read()).map(({ mount }) => mount)).toEqual(['/']);
    expect(asked).toEqual(['/nfs', '/', '/']);
    hung.reject(new Error('unmounted'));
    await until('the hung one let go', async () =>
      (await reader.read()).some(({ mount }) => mount === '/other'),
    );
  });
});
