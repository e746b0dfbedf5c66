/** Saves what a chart shows. What makes the files is loaded when somebody wants one. */
import { saveFile } from '../../app/save-file.ts';
import type { Note } from '../../../shared/schema/notes.ts';
import { copyName, type ChartCopy } from './chart-copy.ts';

export function saveImage(copy: ChartCopy, notes: readonly Note[]): void {
  void import('./chart-image.ts')
    .then(({ chartImage }) => chartImage(copy, notes))
    .then((image) => saveFile(image, copyName(copy, 'png')));
}

export function saveTable(copy: ChartCopy): void {
  void import('./chart-csv.ts').then(({ chartCsv }) =>
    saveFile(new Blob([chartCsv(copy)], { type: 'text/csv;charset=utf-8' }), copyName(copy, 'csv')),
  );
}
