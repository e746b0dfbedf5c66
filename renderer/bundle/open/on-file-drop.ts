/** Files dragged over the page and dropped on it. Without this a browser would leave the page to show the file. */

export interface FileDrop {
  /** Whether a file is held over the page. */
  onOver: (isOver: boolean) => void;
  /** The first of what was dropped. */
  onFile: (file: File) => void;
}

/** Until the function answered is called. */
export function onFileDrop({ onOver, onFile }: FileDrop): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  window.addEventListener('dragover', over, { signal });
  window.addEventListener('drop', drop, { signal });
  window.addEventListener('dragleave', leave, { signal });
  return () => listening.abort();

  function over(event: DragEvent): void {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer!.dropEffect = 'copy';
    onOver(true);
  }

  function drop(event: DragEvent): void {
    if (!hasFiles(event)) return;
    event.preventDefault();
    onOver(false);
    const file = event.dataTransfer!.files[0];
    if (file !== undefined) onFile(file);
  }

  /** Told for every element that is left; only the window has nothing it is left for. */
  function leave(event: DragEvent): void {
    if (event.relatedTarget === null) onOver(false);
  }
}

/** Text and links are dragged too. */
function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true;
}
