/** Why a file is not opened: one sentence, and what to do. */
import { WatchlineError } from '../errors.ts';

export type BundleFault =
  'bundle-not-one' | 'bundle-newer' | 'bundle-damaged' | 'bundle-too-large' | 'bundle-unreadable';

const messages: Record<BundleFault, { message: string; remedy: string }> = {
  'bundle-not-one': {
    message: 'This file is not an incident bundle.',
    remedy: 'Open a file that was made with "Save incident bundle"; its name ends in .watchline.',
  },
  'bundle-newer': {
    message: 'This bundle was made by a newer Watchline.',
    remedy: 'Update Watchline, then open it again.',
  },
  'bundle-damaged': {
    message: 'This bundle is damaged or cut short, so nothing of it is shown.',
    remedy: 'Ask for it to be sent again.',
  },
  'bundle-too-large': {
    message: 'This bundle is larger than one may be.',
    remedy: 'Ask for one of fewer hosts or of a shorter time.',
  },
  'bundle-unreadable': {
    message: 'The file could not be read.',
    remedy: 'See that it is there and may be read, then open it again.',
  },
};

export class BundleError extends WatchlineError {
  constructor(fault: BundleFault, cause?: unknown) {
    const { message, remedy } = messages[fault];
    super(fault, message, { remedy, cause });
  }
}
