/** A text as the outline of its QR code. */
import encodeQR from 'qr';

/** Modules of white around it (ISO/IEC 18004). */
const QUIET = 4;

export interface QrPath {
  /** Modules on a side, with the quiet zone. */
  size: number;
  /** The dark modules as an SVG path, one unit per module: a run of a row is one rectangle. */
  path: string;
}

/**
 * Error correction M (ISO/IEC 18004): a link of 150 characters stays small enough for a phone at arm's length, and a
 * reflection on the screen is survived. Throws for texts of more than 2,331 bytes.
 */
export function qrPath(text: string): QrPath {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET });
  const parts: string[] = [];
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x++;
      parts.push(`M${from} ${y}h${x + 1 - from}v1h-${x + 1 - from}z`);
    }
  });
  return { size: rows.length, path: parts.join('') };
}
