/** Hands a file to the browser, which saves it as it saves downloads. */

export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has read the address once the click is handled.
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
}
