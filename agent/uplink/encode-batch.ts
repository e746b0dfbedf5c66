/** A batch as it travels: NDJSON in zstd, a live one with the dictionary that both ends know (docs/protocol.md). */
import { constants, zstdCompressSync } from 'node:zlib';
import type { NamedDictionary } from '../../link/batches/batch-dictionary.ts';
import { dictionaryHeader, type BatchHead } from '../../shared/schema/uplink.ts';

export interface EncodedBatch {
  headers: Record<string, string>;
  body: Buffer;
}

const LINE_END = Buffer.from('\n');
/** With a dictionary level 1 finds as much as level 3; small tables, because each call fills new ones. */
const LEVEL = 1;
const HASH_LOG = 14;
/** 512 KiB: a batch and its dictionary. */
const WINDOW_LOG = 19;

/** `dictionary` null: none. */
export function encodeBatch(
  head: BatchHead,
  lines: readonly Buffer[],
  dictionary: NamedDictionary | null,
): EncodedBatch {
  const text = Buffer.concat([
    Buffer.from(JSON.stringify(head)),
    ...lines.flatMap((line) => [LINE_END, line]),
    LINE_END,
  ]);
  const body = zstdCompressSync(text, {
    params: {
      [constants.ZSTD_c_compressionLevel]: LEVEL,
      [constants.ZSTD_c_hashLog]: HASH_LOG,
      [constants.ZSTD_c_windowLog]: WINDOW_LOG,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
    ...(dictionary !== null && { dictionary: dictionary.bytes }),
  });
  const headers: Record<string, string> = {
    'content-type': 'application/x-ndjson',
    'content-encoding': 'zstd',
    ...(dictionary !== null && { [dictionaryHeader]: dictionary.name }),
  };
  return { headers, body };
}
