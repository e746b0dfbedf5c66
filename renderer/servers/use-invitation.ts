/** An invitation for one agent, and where it has come to. */
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import type { InvitationAnswer } from '../../shared/schema/servers.ts';
import { useDashboard } from '../store/dashboard.ts';
import type { HostState } from '../store/host-state.ts';
import { askInvitation, invite, withdrawInvitation } from './ask-servers.ts';
import { usePolling } from '../app/use-polling.ts';

export interface InvitationFeed {
  /** The newest word of the hub about it; null before the first. */
  readonly invitation: ShallowRef<InvitationAnswer | null>;
  /** Why there is none, or none from these wishes: one sentence. */
  readonly refusal: ShallowRef<string | null>;
  readonly isBusy: ShallowRef<boolean>;
  /** The host that paired with it, once this page knows it. */
  readonly host: ComputedRef<HostState | null>;
  /** Makes another in its place. `hubUrl` null: the address of this page. */
  make(wishes: { hubUrl: string | null; group: string | null }): Promise<void>;
}

const ASK_EVERY_MS = 1_000;

export function useInvitation(): InvitationFeed {
  const dashboard = useDashboard();
  const invitation: ShallowRef<InvitationAnswer | null> = shallowRef(null);
  const refusal: ShallowRef<string | null> = shallowRef(null);
  const isBusy = shallowRef(false);
  const host = computed(() => {
    void dashboard.hosts.value;
    const id = invitation.value?.host ?? null;
    return id === null ? null : (dashboard.hostById(id) ?? null);
  });

  usePolling(ask, ASK_EVERY_MS);
  return { invitation, refusal, isBusy, host, make };

  async function make(wishes: { hubUrl: string | null; group: string | null }): Promise<void> {
    isBusy.value = true;
    const before = invitation.value;
    const answer = await invite(wishes);
    isBusy.value = false;
    refusal.value = answer.isGood ? null : answer.sentence;
    if (!answer.isGood) return;
    invitation.value = answer.value;
    // One code at a time: the one before was for other wishes.
    if (before !== null && (before.state === 'waiting' || before.state === 'reached'))
      await withdrawInvitation(before.id);
  }

  async function ask(signal: AbortSignal): Promise<void> {
    const asked = invitation.value;
    if (asked === null || asked.state === 'paired' || asked.state === 'closed' || asked.state === 'expired')
      return;
    const answer = await askInvitation(asked.id, signal);
    // A hub that is silent for a moment says nothing about the invitation.
    if (answer.isGood && invitation.value?.id === asked.id)
      invitation.value = { ...invitation.value, ...answer.value };
  }
}
