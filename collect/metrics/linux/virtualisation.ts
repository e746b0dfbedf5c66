/** What the machine runs in, by the marks containers and hypervisors leave; nothing is spawned. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Vendor and product of the firmware tables, and whose they are. */
const firmwareMarks: readonly (readonly [RegExp, string])[] = [
  [/virtualbox|innotek/i, 'virtualbox'],
  [/vmware/i, 'vmware'],
  [/microsoft corporation virtual machine/i, 'hyper-v'],
  [/amazon ec2/i, 'kvm (amazon ec2)'],
  [/google compute/i, 'kvm (google)'],
  [/parallels/i, 'parallels'],
  [/xen/i, 'xen'],
  [/bhyve/i, 'bhyve'],
  [/apple virtualization/i, 'apple'],
  [/qemu|kvm|openstack|digitalocean|hetzner/i, 'kvm'],
];

const containerMarks = /\b(docker|lxc|kubepods|libpod|containerd|garden)\b/;

/** "none" on bare hardware, as far as can be told. */
export function readVirtualisation(root: string): string {
  return container(root) ?? hypervisor(root) ?? 'none';
}

function container(root: string): string | null {
  if (existsSync(join(root, '.dockerenv'))) return 'docker';
  if (existsSync(join(root, 'run/.containerenv'))) return 'podman';
  const named = text(root, 'run/systemd/container').trim();
  if (named) return named.slice(0, 64);
  // Only root may read another process's environment.
  const [, ofInit] = /(?:^|\0)container=([\w-]{1,64})/.exec(text(root, 'proc/1/environ')) ?? [];
  if (ofInit) return ofInit;
  const [, ofGroup] = containerMarks.exec(text(root, 'proc/1/cgroup')) ?? [];
  return ofGroup ?? null;
}

function hypervisor(root: string): string | null {
  if (/microsoft/i.test(text(root, 'proc/sys/kernel/osrelease'))) return 'wsl';
  const firmware = ['sys_vendor', 'product_name'].map((name) =>
    text(root, `sys/class/dmi/id/${name}`).trim(),
  );
  for (const [mark, name] of firmwareMarks) if (mark.test(firmware.join(' '))) return name;
  const announced = text(root, 'sys/hypervisor/type').trim();
  if (announced) return announced.slice(0, 64);
  return /^flags\s*:.*\bhypervisor\b/m.test(text(root, 'proc/cpuinfo')) ? 'virtual machine' : null;
}

/** Empty where it cannot be read. */
function text(root: string, path: string): string {
  try {
    return readFileSync(join(root, path), 'latin1');
  } catch {
    return '';
  }
}
