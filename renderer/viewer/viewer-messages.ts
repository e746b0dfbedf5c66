/** The texts of a shared page: its banner, who watches, pointing, and why it shows nothing. */
import { counted } from '../messages.ts';

const newLink = (by: string) => `Ask ${by} for a new link if you still need one.`;

export const viewerMessages = {
  readOnly: 'Read-only',
  sharedBy: (by: string) => `shared by ${by}`,
  shared: 'shared with you',
  left: (duration: string) => `${duration} left`,
  about: 'About this share',
  facts: {
    label: 'Share',
    by: 'Shared by',
    ends: 'Ends',
    shows: 'Shows',
    since: 'History',
    hidden: 'Left out',
  },
  noEnd: 'when its owner ends it',
  live: 'live only',
  allHistory: 'all there is',
  sinceMoment: (moment: string) => `since ${moment}`,
  shows: { metrics: 'metrics', processes: 'processes', logs: 'logs' },
  hidesNames: 'host names and addresses',
  filtersLogs: 'some log lines',
  name: 'Your name',
  nameHint: 'Others see it when you watch or point. It stays in this browser.',
  namePlaceholder: 'Not given',
  saveName: 'Save',
  /** Beside the number. */
  watchingWord: (count: number) => (count === 1 ? 'person watching' : 'people watching'),
  watching: (count: number) => `${counted(count, 'person', 'people')} watching`,
  onlyYou: 'Only you are watching',
  watchers: 'Who is watching',
  someone: 'Someone',
  tv: 'TV mode',
  point: 'Point here (P)',
  pointKey: 'Point at the moment under the crosshair',
  pointAt: (clock: string) => `Point at ${clock}`,
  pointers: 'Pointers',
  pointsAt: (by: string, clock: string) => `${by} points at ${clock}`,
  pointsAtHost: (by: string, host: string) => `${by} points at ${host}`,
  you: 'You',
  ownerName: 'The owner',
  show: 'Show',
  dismiss: 'Dismiss',
  ownersOnlyTitle: 'This is not part of the share',
  ownersOnlyText: 'Settings and shares are the owner’s. Everything you may see is on the other screens.',
  toOverview: 'Go to the overview',
  notices: {
    /** In place of a name. */
    owner: 'the owner',
    retryNow: 'Try now',
    again: (seconds: number) => (seconds > 1 ? `Tried again in ${seconds} s` : 'Trying again'),
    revoked: {
      title: 'The owner ended this share',
      text: (by: string) => `Nothing is sent to this page any more. ${newLink(by)}`,
    },
    expired: {
      title: 'This share has expired',
      text: (by: string) => `It was open for a limited time, and that is over. ${newLink(by)}`,
    },
    'wrong-link': {
      title: 'This link opens nothing',
      text: () =>
        'It may have been cut short on its way: the part after the # belongs to it. Copy the whole link again, or ask for a new one.',
    },
    'no-session': {
      title: 'Open the link again',
      text: () =>
        'This browser is not let in any more, or never was. Open the whole link you were given, with the part after the #.',
    },
    paused: {
      title: 'This share is paused',
      text: (by: string) => `When ${by} lets it go on, this page does so by itself.`,
    },
    full: {
      title: 'As many are watching as may',
      text: (by: string) =>
        `The page opens by itself when somebody leaves. If it cannot wait, ask ${by} to let in more.`,
    },
    unreachable: {
      title: 'The hub does not answer',
      text: () => 'The computer that shares may be off, or on another network. This page goes on trying.',
    },
    busy: {
      title: 'The hub is busy',
      text: () => 'It has taken too many requests from here. This page goes on trying by itself.',
    },
  },
} as const;
