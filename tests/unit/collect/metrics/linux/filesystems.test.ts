/** Figures of mounted filesystems, through a tree that names this machine's folders as mounts. */
import { statfsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FilesystemReader } from '../../../../../collect/metrics/linux/filesystems.ts';
import { filesystems } from '../../../../../shared/schema/slow-tiers.ts';
import { KernelTree } from '../../../../support/kernel-tree.ts';

let tree: KernelTree;
beforeEach(() => {
  tree = new KernelTree();
});
afterEach(() => tree[Symbol.dispose]());

describe('filesystems', () => {
  it('are told where they can be asked, and left out where not', async () => {
    tree.folder('data').write({
      'proc/self/mounts': '/dev/sda1 /data ext4 ro 0 0\n/dev/sdb1 /gone xfs rw 0 0\n',
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
});
