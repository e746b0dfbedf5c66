/** The file of a bundle, read and checked before anything of it is served: what is wrong with it is said in the terminal. */
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Bundle } from '../../shared/bundle/bundle.ts';
import { BundleError } from '../../shared/bundle/bundle-error.ts';
import { BundleReader } from '../../shared/bundle/bundle-reader.ts';
import { MAX_BUNDLE_BYTES } from '../../shared/bundle/bundle-record.ts';

export interface BundleFile {
  file: Buffer;
  bundle: Bundle;
}

/** Throws a `BundleError`. */
export async function readBundleFile(path: string): Promise<BundleFile> {
  const file = await readWhole(path);
  if (file[0] !== 0x1f || file[1] !== 0x8b) throw new BundleError('bundle-not-one');
  return { file, bundle: await unpack(file) };
}

/** Into memory: what is served is what was checked, whatever becomes of the file. */
async function readWhole(path: string): Promise<Buffer> {
  let bytes: number;
  try {
    await using handle = await open(path);
    const { size } = await handle.stat();
    bytes = size;
    // A file without an end has no size.
    if (size <= MAX_BUNDLE_BYTES) {
      const file = Buffer.alloc(size);
      const { bytesRead } = await handle.read(file, 0, size, 0);
      return file.subarray(0, bytesRead);
    }
  } catch (cause) {
    throw new BundleError('bundle-unreadable', cause);
  }
  throw new BundleError('bundle-too-large', new Error(`${bytes} bytes`));
}

/** No more is unpacked than a bundle may hold: the reader stops the rest. */
async function unpack(file: Buffer): Promise<Bundle> {
  const reader = new BundleReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const bytes of Readable.from([file]).pipe(createGunzip()))
      reader.take(decoder.decode(bytes as Buffer, { stream: true }));
    reader.take(decoder.decode());
  } catch (cause) {
    throw cause instanceof BundleError ? cause : new BundleError('bundle-damaged', cause);
  }
  return reader.end();
}
