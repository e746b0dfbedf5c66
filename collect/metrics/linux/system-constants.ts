/** Constants the kernel hands to each process: page size, clock ticks, word width. */
import { readFileSync } from 'node:fs';
import { endianness, machine } from 'node:os';
import { join } from 'node:path';
import type { CounterBits } from '../rates.ts';

export interface SystemConstants {
  pageBytes: number;
  /** USER_HZ, the unit of times in /proc. */
  ticksPerSecond: number;
  wordBits: CounterBits;
}

/** Keys of the auxiliary vector (getauxval(3)). */
const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;

/** From /proc/self/auxv, so that nothing need be spawned; where it cannot be read, what nearly all kernels have. */
export function readSystemConstants(procPath: string): SystemConstants {
  const vector = readVector(join(procPath, 'self/auxv'));
  return {
    pageBytes: Number(vector.get(AT_PAGESZ) ?? 4096n),
    ticksPerSecond: Number(vector.get(AT_CLKTCK) ?? 100n),
    wordBits: /^(?:arm|armv\d.*|i\d86|mips|mipsel|ppc)$/.test(machine()) ? 32 : 64,
  };
}

/** Pairs of machine words; this process's words, which a 32-bit Node on a 64-bit kernel has shorter. */
function readVector(path: string): Map<bigint, bigint> {
  const vector = new Map<bigint, bigint>();
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return vector;
  }
  const isShort = ['arm', 'ia32', 'mips', 'mipsel'].includes(process.arch);
  const isLittle = endianness() === 'LE';
  const wordAt = (offset: number): bigint => {
    if (isShort) return BigInt(isLittle ? bytes.readUInt32LE(offset) : bytes.readUInt32BE(offset));
    return isLittle ? bytes.readBigUInt64LE(offset) : bytes.readBigUInt64BE(offset);
  };
  const wordBytes = isShort ? 4 : 8;
  for (let offset = 0; offset + 2 * wordBytes <= bytes.length; offset += 2 * wordBytes) {
    vector.set(wordAt(offset), wordAt(offset + wordBytes));
  }
  return vector;
}
