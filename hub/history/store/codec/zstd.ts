/** zstd for blocks of history, with a checksum: SQLite has none, and a disk that turns a bit must not make a number. */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { DamagedHistoryError } from '../file/damage.ts';

/** What unpacking may make of one block: the rows of an hour of the widest host are less. */
const MAX_UNPACKED = 256 * 1024 * 1024;
/** Node unpacks into pieces of this size: most blocks are to fit into one. */
const SMALLEST_PIECE = 16 * 1024;
const LARGEST_PIECE = 1024 * 1024;
const PIECE_FACTOR = 8;

/** `level` 1 (fast) to 19 (small). */
export function pack(bytes: Uint8Array, level: number): Buffer {
  return zstdCompressSync(bytes, {
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
  });
}

/** Throws a `DamagedHistoryError` where the bytes are none that `pack` made. */
export function unpack(bytes: Uint8Array): Buffer {
  try {
    return zstdDecompressSync(bytes, {
      chunkSize: Math.min(LARGEST_PIECE, Math.max(SMALLEST_PIECE, bytes.length * PIECE_FACTOR)),
      maxOutputLength: MAX_UNPACKED,
    });
  } catch (cause) {
    throw new DamagedHistoryError('A block of history is damaged', cause);
  }
}
