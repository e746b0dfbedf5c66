/** Text that is compressed while more of it comes: a bundle is never in memory unpacked. */
import { BUNDLE_CONTENT_TYPE } from '../../../shared/bundle/bundle-record.ts';

export interface Packing {
  add: (text: string) => void;
  /** Hands on what was added; resolves when there is room for more. */
  flush: () => Promise<void>;
  end: () => Promise<Blob>;
}

export function packing(): Packing {
  const gzip = new CompressionStream('gzip');
  const packed = new Response(gzip.readable).blob();
  const writer = gzip.writable.getWriter();
  const encoder = new TextEncoder();
  let waiting: string[] = [];
  return { add: (text) => void waiting.push(text), flush, end };

  async function flush(): Promise<void> {
    const text = waiting.join('');
    waiting = [];
    if (text !== '') await writer.write(encoder.encode(text));
  }

  async function end(): Promise<Blob> {
    await flush();
    await writer.close();
    return new Blob([await packed], { type: BUNDLE_CONTENT_TYPE });
  }
}
