/** Network interfaces from /proc/net/dev. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { InterfaceCounters, InterfaceKind } from '../reading.ts';
import type { ByteScanner } from './byte-scanner.ts';
import { DeviceFacts } from './device-facts.ts';
import type { KernelFile } from './kernel-file.ts';

const COLON = 0x3a;
const SPACE = 0x20;

export class Interfaces {
  readonly #dev: KernelFile;
  readonly #kinds: DeviceFacts<InterfaceKind>;

  constructor(dev: KernelFile, sysPath: string) {
    this.#dev = dev;
    this.#kinds = new DeviceFacts((name) => kindOf(join(sysPath, 'class/net'), name));
  }

  read(): InterfaceCounters[] {
    const file = this.#dev.read();
    if (!file) return [];
    this.#kinds.nextReading();
    const interfaces: InterfaceCounters[] = [];
    // Two lines of headings.
    file.nextLine();
    while (file.nextLine()) {
      const name = nameAt(file);
      if (name !== null) interfaces.push(readCounters(file, name, this.#kinds.of(name)));
    }
    return interfaces;
  }
}

/** Names end at the line's last colon before the numbers; old kernels leave no space behind it ("eth0:123"). */
function nameAt(file: ByteScanner): string | null {
  const { bytes, end } = file;
  let start = file.at;
  while (start < end && bytes[start] === SPACE) start++;
  let colon = -1;
  for (let at = start; at < end && bytes[at]! > SPACE; at++) if (bytes[at] === COLON) colon = at;
  if (colon < 0) return null;
  file.at = colon + 1;
  return bytes.toString('utf8', start, colon);
}

function readCounters(file: ByteScanner, name: string, kind: InterfaceKind): InterfaceCounters {
  const receiveBytes = file.number();
  const receivePackets = file.number();
  const receiveErrors = file.number();
  const receiveDrops = file.number();
  file.skipWords(4);
  return {
    interface: name,
    kind,
    receiveBytes,
    receivePackets,
    receiveErrors,
    receiveDrops,
    transmitBytes: file.number(),
    transmitPackets: file.number(),
    transmitErrors: file.number(),
    transmitDrops: file.number(),
  };
}

/** Only hardware, and what a hypervisor passes off as such, has a device behind it. */
function kindOf(netPath: string, name: string): InterfaceKind {
  if (name === 'lo') return 'loopback';
  return existsSync(join(netPath, name, 'device')) ? 'physical' : 'virtual';
}
