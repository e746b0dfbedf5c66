/** TCP from /proc/net/snmp, whose Tcp lines count IPv6 too (RFC 4022 names). */
import type { TcpReading } from '../reading.ts';
import type { ByteScanner } from './byte-scanner.ts';
import type { KernelFile } from './kernel-file.ts';

const tcp = Buffer.from('\nTcp: ');

interface Columns {
  established: number;
  retransmits: number;
}

export class Tcp {
  readonly #snmp: KernelFile;
  #columns: Columns | null = null;

  constructor(snmp: KernelFile) {
    this.#snmp = snmp;
  }

  read(): TcpReading | null {
    const file = this.#snmp.read();
    if (!file?.seek(tcp)) return null;
    this.#columns ??= columnsOf(file);
    if (!file.seek(tcp)) return null;
    const start = file.at;
    return {
      established: column(file, start, this.#columns.established),
      retransmits: column(file, start, this.#columns.retransmits),
    };
  }
}

/** The heading does not change while the kernel runs. */
function columnsOf(file: ByteScanner): Columns {
  const start = file.at;
  file.nextLine();
  const names = file.bytes.toString('latin1', start, file.at).trim().split(' ');
  // Back before the newline, where the line of values is sought.
  file.at = start;
  return { established: names.indexOf('CurrEstab'), retransmits: names.indexOf('RetransSegs') };
}

function column(file: ByteScanner, start: number, index: number): number | null {
  if (index < 0) return null;
  file.at = start;
  file.skipWords(index);
  const value = file.number();
  return Number.isNaN(value) ? null : value;
}
