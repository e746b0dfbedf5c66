/** Memory from /proc/meminfo and swapping from /proc/vmstat, as `free` counts them. */
import type { MemoryReading } from '../reading.ts';
import { readRuntimeMemory } from '../runtime-memory.ts';
import type { ByteScanner } from './byte-scanner.ts';
import type { KernelFile } from './kernel-file.ts';

const labels = {
  total: 'MemTotal',
  free: 'MemFree',
  available: 'MemAvailable',
  buffers: 'Buffers',
  cached: 'Cached',
  swapTotal: 'SwapTotal',
  swapFree: 'SwapFree',
  dirty: 'Dirty',
  shared: 'Shmem',
  reclaimable: 'SReclaimable',
} as const;
type Label = keyof typeof labels;
const needles = Object.entries(labels).map(
  // A label stands at the start of a line: "Cached:" is also the end of "SwapCached:".
  ([label, text]) => [label as Label, Buffer.from(label === 'total' ? `${text}:` : `\n${text}:`)] as const,
);

const swappedIn = Buffer.from('\npswpin ');
const swappedOut = Buffer.from('\npswpout ');

export function readMemory(meminfo: KernelFile, vmstat: KernelFile, pageBytes: number): MemoryReading {
  const file = meminfo.read();
  const reading = file ? fromMeminfo(file) : readRuntimeMemory();
  const paging = vmstat.read();
  if (paging) {
    reading.swappedInBytes = amountAfter(paging, swappedIn, pageBytes);
    reading.swappedOutBytes = amountAfter(paging, swappedOut, pageBytes);
  }
  return reading;
}

function fromMeminfo(file: ByteScanner): MemoryReading {
  const bytes = {} as Record<Label, number | null>;
  for (const [label, needle] of needles) bytes[label] = amountAfter(file, needle, 1024);
  const free = bytes.free ?? 0;
  const buffers = bytes.buffers ?? 0;
  const cached = (bytes.cached ?? 0) + (bytes.reclaimable ?? 0);
  return {
    totalBytes: bytes.total ?? 0,
    // Kernels before 3.14 do not say: what `free` of that time showed as free of caches.
    availableBytes: bytes.available ?? Math.max(free, free + buffers + cached - (bytes.shared ?? 0)),
    freeBytes: free,
    cachedBytes: cached,
    buffersBytes: buffers,
    dirtyBytes: bytes.dirty,
    swapTotalBytes: bytes.swapTotal ?? 0,
    swapFreeBytes: bytes.swapFree ?? 0,
    swappedInBytes: null,
    swappedOutBytes: null,
  };
}

function amountAfter(file: ByteScanner, needle: Buffer, unitBytes: number): number | null {
  file.rewind();
  return file.seek(needle) ? file.number() * unitBytes : null;
}
