/** Memory as systeminformation counts it on this platform; swapping is not told. */
import type { MemoryReading } from '../reading.ts';
import type { SystemInformation } from './portable-machine.ts';

export async function readMemory(library: SystemInformation): Promise<MemoryReading> {
  const memory = await library.mem();
  return {
    totalBytes: memory.total,
    availableBytes: Math.min(memory.total, memory.available),
    freeBytes: memory.free,
    cachedBytes: Math.max(0, memory.cached || memory.buffcache - memory.buffers || 0),
    buffersBytes: memory.buffers || 0,
    dirtyBytes: memory.dirty ?? null,
    swapTotalBytes: memory.swaptotal || 0,
    swapFreeBytes: memory.swapfree || 0,
    swappedInBytes: null,
    swappedOutBytes: null,
  };
}
