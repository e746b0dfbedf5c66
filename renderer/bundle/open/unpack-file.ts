/** The file of a bundle, unpacked and read. No more of it is unpacked than a bundle may hold: the rest of a bomb stays packed. */
import type { Bundle } from '../../../shared/bundle/bundle.ts';
import { BundleError } from '../../../shared/bundle/bundle-error.ts';
import { BundleReader } from '../../../shared/bundle/bundle-reader.ts';
import { MAX_BUNDLE_BYTES } from '../../../shared/bundle/bundle-record.ts';

/** Throws a `BundleError`. */
export async function unpackFile(file: Blob): Promise<Bundle> {
  if (file.size > MAX_BUNDLE_BYTES) throw new BundleError('bundle-too-large');
  await refuseOthers(file);
  const reader = new BundleReader();
  const text = file
    .stream()
    .pipeThrough(new DecompressionStream('gzip'))
    .pipeThrough(new TextDecoderStream('utf-8', { fatal: true }))
    .getReader();
  try {
    for (;;) {
      const { done, value } = await text.read();
      if (done) return reader.end();
      reader.take(value);
    }
  } catch (cause) {
    // What the browser finds wrong with gzip or UTF-8 has no better word.
    throw cause instanceof BundleError ? cause : new BundleError('bundle-damaged', cause);
  } finally {
    await text.cancel().catch(() => undefined);
  }
}

/** What does not even begin like gzip is something else, and not a bundle that was damaged. */
async function refuseOthers(file: Blob): Promise<void> {
  let head: Uint8Array;
  try {
    head = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  } catch (cause) {
    throw new BundleError('bundle-unreadable', cause);
  }
  if (head[0] !== 0x1f || head[1] !== 0x8b) throw new BundleError('bundle-not-one');
}
