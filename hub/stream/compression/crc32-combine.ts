/**
 * The CRC-32 of two byte strings joined, from the CRC of each: so that a checksum over all that one reader got needs no
 * look at bytes that went to many. The arithmetic is that of zlib's `crc32_combine` (crc32.c): polynomials over GF(2) modulo
 * the CRC's own, highest power in the lowest bit.
 */
const POLYNOMIAL = 0xedb88320;

/** x^(2^n) modulo the polynomial, for n = 0 to 31. */
const squares = Array.from({ length: 32 }, () => 0);
for (let power = 0x40000000, n = 0; n < 32; n++) {
  squares[n] = power;
  power = multiply(power, power);
}

/** `first` is the CRC of the first string; `second` and `secondLength` (bytes) are of the second. */
export function combineCrc32(first: number, second: number, secondLength: number): number {
  return (shiftCrc32(first, secondLength) ^ second) >>> 0;
}

/** The part that a string with this CRC has in the CRC of itself and `length` bytes behind it. */
export function shiftCrc32(crc: number, length: number): number {
  return multiply(powerOfBytes(length), crc) >>> 0;
}

/** x^(8 * length). Lengths pass 32 bits, so they are halved by division. */
function powerOfBytes(length: number): number {
  let power = 0x80000000;
  for (let n = 3, rest = length; rest > 0; n++, rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = multiply(squares[n % 32]!, power);
  }
  return power;
}

function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 0x80000000, factor = b; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= factor;
    factor = (factor & 1) === 0 ? factor >>> 1 : (factor >>> 1) ^ POLYNOMIAL;
  }
  return product;
}
