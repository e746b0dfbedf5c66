/** The live checklists of the add-server dialog: where an invitation, or the reading of another hub, has come to. */
import type { ExporterEntry } from '../../shared/schema/interop.ts';
import type { Invitation, UpstreamEntry } from '../../shared/schema/servers.ts';
import type { Step } from '../components/step.ts';
import { interopMessages } from './interop-messages.ts';
import { serverMessages as words } from './server-messages.ts';

interface Draft {
  key: string;
  isDone: boolean;
  title: string;
  fact: string;
}

export interface InvitationProgress {
  invitation: Pick<Invitation, 'state'>;
  /** Short form; null: no TLS, or a certificate that every system trusts. */
  key: string | null;
  /** Of the host that paired; null before. */
  hostName: string | null;
  hasSample: boolean;
}

export function invitationSteps({ invitation, key, hostName, hasSample }: InvitationProgress): Step[] {
  const isPaired = invitation.state === 'paired';
  // The agent asks only after it has checked the key: who was reached has passed that.
  const isReached = isPaired || invitation.state === 'reached';
  const isOver = invitation.state === 'expired' || invitation.state === 'closed';
  return inOrder(
    [
      { key: 'reached', isDone: isReached, title: words.steps.reached, fact: '' },
      { key: 'key', isDone: isReached, title: words.steps.key, fact: key ?? '' },
      { key: 'paired', isDone: isPaired, title: words.steps.paired, fact: hostName ?? '' },
      { key: 'sample', isDone: isPaired && hasSample, title: words.steps.sample, fact: '' },
    ],
    isOver,
  );
}

export interface ReadingProgress {
  upstream: Pick<UpstreamEntry, 'state'>;
  key: string | null;
  hostCount: number;
  hasSample: boolean;
}

export function readingSteps({ upstream, key, hostCount, hasSample }: ReadingProgress): Step[] {
  const isLive = upstream.state === 'live';
  const isOver = upstream.state === 'refused' || upstream.state === 'incompatible';
  return inOrder(
    [
      { key: 'reached', isDone: isLive || isOver, title: words.steps.hubReached, fact: '' },
      { key: 'key', isDone: isLive || isOver, title: words.steps.key, fact: key ?? '' },
      {
        key: 'live',
        isDone: isLive,
        title: words.steps.reading,
        fact: hostCount > 0 ? words.hostCount(hostCount) : '',
      },
      { key: 'sample', isDone: isLive && hasSample, title: words.steps.sample, fact: '' },
    ],
    isOver,
  );
}

export interface ExporterProgress {
  exporter: Pick<ExporterEntry, 'state' | 'host' | 'version'>;
  hostName: string | null;
  hasSample: boolean;
}

export function exporterSteps({ exporter, hostName, hasSample }: ExporterProgress): Step[] {
  const texts = interopMessages.exporter;
  const isKnown = exporter.host !== null;
  const isOver = exporter.state === 'refused';
  return inOrder(
    [
      { key: 'answered', isDone: isKnown || isOver, title: texts.answered, fact: '' },
      { key: 'known', isDone: isKnown, title: texts.known, fact: hostName ?? '' },
      { key: 'sample', isDone: isKnown && hasSample, title: texts.sample, fact: '' },
    ],
    isOver,
  );
}

/** The first that is not done is the one waited for, or where it ended. */
function inOrder(drafts: readonly Draft[], isOver: boolean): Step[] {
  const open = drafts.findIndex(({ isDone }) => !isDone);
  return drafts.map(({ key, title, fact }, at) => ({
    key,
    title,
    fact,
    state: open < 0 || at < open ? 'done' : at > open ? 'todo' : isOver ? 'failed' : 'now',
  }));
}
