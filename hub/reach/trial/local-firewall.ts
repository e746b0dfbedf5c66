/** Firewalls of this machine that can be seen without special rights. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface LocalFirewall {
  name: string;
  /** Opens the port. */
  command: string;
}

/** Null: none that can be seen. `root`: where the system's files lie. */
export function findLocalFirewall(port: number, root = '/'): LocalFirewall | null {
  if (isUfwOn(root)) {
    if (textOf(path.join(root, 'etc/ufw/user.rules'))?.includes(`--dport ${port} -j ACCEPT`)) return null;
    return { name: 'ufw', command: `sudo ufw allow ${port}/tcp` };
  }
  if (existsSync(path.join(root, 'run/firewalld.pid'))) {
    const opening = `sudo firewall-cmd --permanent --add-port=${port}/tcp && sudo firewall-cmd --reload`;
    return { name: 'firewalld', command: opening };
  }
  return null;
}

function isUfwOn(root: string): boolean {
  return /^ENABLED=yes$/m.test(textOf(path.join(root, 'etc/ufw/ufw.conf')) ?? '');
}

/** Null where it cannot be read: the rules of ufw are for administrators only. */
function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
