/** What is used of snappyjs, which brings no types: Snappy's block format. */
declare module 'snappyjs' {
  export function compress(bytes: Uint8Array): Uint8Array;
}
