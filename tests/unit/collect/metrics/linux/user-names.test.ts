/** Names of user ids, read again when somebody is new. */
import { afterEach, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { UserNames } from '../../../../../collect/metrics/linux/user-names.ts';
import { KernelTree } from '../../../../support/kernel-tree.ts';

const tree = new KernelTree({
  passwd: 'root:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\n# note\nwww:x:33:33::/:\n',
});
afterEach(() => tree[Symbol.dispose]());

describe('user names', () => {
  it('are those of the file, the first of several, and numbers for strangers', () => {
    const users = new UserNames(join(tree.root, 'passwd'));
    expect([0, 33, 1000].map((id) => users.of(id, 0))).toEqual(['root', 'www', '1000']);
    tree.write({ passwd: 'ana:x:1000:1000::/home/ana:/bin/sh\n' });
    expect(users.of(1000, 59_000)).toBe('1000');
    expect(users.of(1000, 60_000)).toBe('ana');
  });
});
