/** What a machine is made of, and what it runs in. */
import { afterEach, describe, expect, it } from 'vitest';
import { readInventory } from '../../../../../collect/metrics/linux/inventory.ts';
import { readVirtualisation } from '../../../../../collect/metrics/linux/virtualisation.ts';
import { inventory } from '../../../../../shared/schema/host.ts';
import { KernelTree } from '../../../../support/kernel-tree.ts';
import { modern } from './kernels.ts';

let tree: KernelTree;
afterEach(() => tree[Symbol.dispose]());

function rootOf(files: Record<string, string>): string {
  tree = new KernelTree(files);
  return tree.root;
}

describe('the inventory', () => {
  it('speaks as a person would', async () => {
    const root = rootOf({
      ...modern,
      'etc/os-release': 'NAME="Debian GNU/Linux"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
      'proc/sys/kernel/osrelease': '6.1.0-18-amd64\n',
    });
    expect(inventory.parse(await readInventory(root))).toMatchObject({
      platform: 'linux',
      os: 'Debian GNU/Linux 12 (bookworm)',
      kernel: '6.1.0-18-amd64',
      cpuModel: 'AMD EPYC 7763 64-Core Processor',
      coreCount: 2,
      memoryBytes: 24684084 * 1024,
      virtualisation: 'virtual machine',
      bootTime: 1_795_223_002_000,
    });
  });

  it('names a board where the CPU has no name', async () => {
    const root = rootOf({ 'proc/cpuinfo': 'processor\t: 0\n', 'proc/device-tree/model': 'Raspberry Pi 5\0' });
    expect((await readInventory(root)).cpuModel).toBe('Raspberry Pi 5');
  });

  it('is whole on a machine that says nothing', async () => {
    const bare = inventory.parse(await readInventory(rootOf({})));
    expect(bare).toMatchObject({ os: 'Linux', cpuModel: null, coreCount: 1, virtualisation: 'none' });
  });
});

describe('virtualisation', () => {
  const dmi = 'sys/class/dmi/id';
  const cases: [string, Record<string, string>][] = [
    ['docker', { '.dockerenv': '', [`${dmi}/sys_vendor`]: 'QEMU\n' }],
    ['podman', { 'run/.containerenv': '' }],
    ['systemd-nspawn', { 'run/systemd/container': 'systemd-nspawn\n' }],
    ['lxc', { 'proc/1/environ': 'PATH=/bin\0container=lxc\0' }],
    ['kubepods', { 'proc/1/cgroup': '0::/kubepods/besteffort/pod1\n' }],
    ['wsl', { 'proc/sys/kernel/osrelease': '5.15.90.1-microsoft-standard-WSL2\n' }],
    ['kvm', { [`${dmi}/sys_vendor`]: 'QEMU\n', [`${dmi}/product_name`]: 'Standard PC\n' }],
    ['kvm (amazon ec2)', { [`${dmi}/sys_vendor`]: 'Amazon EC2\n' }],
    [
      'hyper-v',
      { [`${dmi}/sys_vendor`]: 'Microsoft Corporation\n', [`${dmi}/product_name`]: 'Virtual Machine\n' },
    ],
    ['virtualbox', { [`${dmi}/product_name`]: 'VirtualBox\n' }],
    ['xen', { 'sys/hypervisor/type': 'xen\n' }],
    ['virtual machine', { 'proc/cpuinfo': 'flags\t\t: fpu hypervisor\n' }],
    ['none', { 'proc/cpuinfo': 'flags\t\t: fpu\n', [`${dmi}/sys_vendor`]: 'Dell Inc.\n' }],
  ];
  it.each(cases)('%s is known by its marks', (name, files) => {
    expect(readVirtualisation(rootOf(files))).toBe(name);
  });
});
