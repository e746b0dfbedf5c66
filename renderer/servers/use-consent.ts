/**
 * Whom a target's secret would go to: where its certificate is one that nobody vouches for, it is shown first, and what is confirmed is its key.
 * Plain HTTP has none to show, and a trusted one needs no word.
 */
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { UpstreamProbe } from '../../shared/schema/servers.ts';
import { probeHub } from './ask-servers.ts';

export interface Consent {
  /** To be confirmed; null: there is nothing to be confirmed, or not yet. */
  readonly probe: ShallowRef<UpstreamProbe | null>;
  /** What was confirmed, or null: the system's word on the certificate counts. */
  readonly pin: ComputedRef<string | null>;
  readonly isLooking: Ref<boolean>;
  /** Null: it may be added; '': a person has to confirm; else why it could not be looked at. */
  look(url: string): Promise<string | null>;
  takeBack(): void;
}

export function useConsent(): Consent {
  const probe = shallowRef<UpstreamProbe | null>(null);
  const isLooking = ref(false);

  return {
    probe,
    pin: computed(() => probe.value?.certificate?.pin ?? null),
    isLooking,
    async look(url) {
      probe.value = null;
      if (!/^https:/i.test(url)) return null;
      isLooking.value = true;
      const answer = await probeHub(originOf(url));
      isLooking.value = false;
      if (!answer.isGood) return answer.sentence;
      if (answer.value.certificate?.isTrusted !== false) return null;
      probe.value = answer.value;
      return '';
    },
    takeBack() {
      probe.value = null;
    },
  };
}

/** What cannot be read as an address is the hub's to refuse. */
function originOf(url: string): string {
  return URL.parse(url)?.origin ?? url;
}
