/** zstd for blocks: compressed once, unpacked again and again. */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { DamagedVolumeError } from '../damage.ts';

/** What unpacking may make of one blob: lines are 64 KiB at most, and a block takes one past its limit. */
const MAX_UNPACKED = 64 * 1024 * 1024;
/** Node unpacks into pieces of this size: most blobs are to fit into one. */
const PIECE_FACTOR = 8;
const LARGEST_PIECE = 512 * 1024;

/** `dictionary`: what stands in it as well takes next to nothing. It is needed again for unpacking. */
export function pack(bytes: Buffer, dictionary?: Buffer): Buffer {
  const params = { [constants.ZSTD_c_compressionLevel]: 3 };
  return zstdCompressSync(bytes, { params, ...(dictionary?.length && { dictionary }) });
}

/** Throws a `DamagedVolumeError` where the bytes are none that `pack` made. */
export function unpack(bytes: Uint8Array, dictionary?: Buffer): Buffer {
  try {
    return zstdDecompressSync(bytes, {
      chunkSize: Math.min(LARGEST_PIECE, Math.max(1024, bytes.length * PIECE_FACTOR)),
      maxOutputLength: MAX_UNPACKED,
      ...(dictionary?.length && { dictionary }),
    });
  } catch (cause) {
    throw damagedBlock(cause);
  }
}

export function damagedBlock(cause?: unknown): DamagedVolumeError {
  return new DamagedVolumeError('A block of log lines is damaged', cause);
}
