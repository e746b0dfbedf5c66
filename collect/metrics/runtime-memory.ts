/** What Node alone knows of the memory: for where nothing better answers. */
import { freemem, totalmem } from 'node:os';
import type { MemoryReading } from './reading.ts';

export function readRuntimeMemory(): MemoryReading {
  const freeBytes = freemem();
  return {
    totalBytes: totalmem(),
    availableBytes: freeBytes,
    freeBytes,
    cachedBytes: 0,
    buffersBytes: 0,
    dirtyBytes: null,
    swapTotalBytes: 0,
    swapFreeBytes: 0,
    swappedInBytes: null,
    swappedOutBytes: null,
  };
}
