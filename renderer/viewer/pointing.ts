/** Pointing at a moment: asking the hub to show it to everybody, and what others point at now. */
import {
  computed,
  inject,
  shallowRef,
  type ComputedRef,
  type InjectionKey,
  type Ref,
  type ShallowRef,
} from 'vue';
import { paths } from '../../shared/protocol.ts';
import { pointer, type Pointer, type PointerRequest } from '../../shared/schema/shares.ts';
import { askHub } from '../app/ask-hub.ts';
import type { Session } from '../session/session.ts';

export interface PointedMoment {
  /** Epoch milliseconds of the hub. */
  time: number;
  host: string;
  /** Of the chart that is pointed at; null: all of them. */
  series: string | null;
}

/** So long it is news that somebody points; the flag itself stays longer. */
const NEWS_MS = 30_000;
/** What the hub takes as a series. Names of sensors may hold anything: then all charts are meant. */
const SERIES = /^[\w.:/@+ -]{1,256}$/;

export interface Pointing {
  /** What is shown now, by the time it points at. */
  readonly current: ComputedRef<readonly Pointer[]>;
  /** The newest of somebody else that was not put away; null: none. */
  readonly news: ComputedRef<Pointer | null>;
  /** Why the last try came to nothing; null: it did not. */
  readonly refusal: ShallowRef<string | null>;
  point(moment: PointedMoment): Promise<void>;
  /** Puts the news away. */
  dismiss(): void;
}

export interface PointingOptions {
  session: Pick<Session, 'name' | 'share'>;
  pointers: Readonly<Ref<readonly Pointer[]>>;
  /** The hub's time, epoch milliseconds. */
  now: Readonly<Ref<number>>;
}

export function createPointing({ session, pointers, now }: PointingOptions): Pointing {
  /** Moments this page pointed at: the stream may bring them back before the hub's answer comes. */
  const ownTimes = new Set<number>();
  const dismissedUpTo = shallowRef(0);
  const refusal = shallowRef<string | null>(null);
  const current = computed(() => pointers.value.filter(({ until }) => until > now.value));

  const news = computed(() => {
    const others = current.value.filter((each) => isNews(each) && !isOwn(each));
    return others.reduce<Pointer | null>(
      (newest, each) => (newest && newest.since >= each.since ? newest : each),
      null,
    );
  });

  return {
    current,
    news,
    refusal,
    async point({ time, host, series }) {
      const body: PointerRequest = {
        time: Math.round(time),
        host,
        series: series !== null && SERIES.test(series) ? series : null,
        ...(session.name.value !== '' && { name: session.name.value }),
      };
      ownTimes.add(body.time);
      const answer = await askHub(paths.pointers, pointer, { method: 'POST', body });
      refusal.value = answer.isGood ? null : answer.sentence;
      if (!answer.isGood) ownTimes.delete(body.time);
    },
    dismiss() {
      refusal.value = null;
      if (news.value) dismissedUpTo.value = news.value.since;
    },
  };

  function isNews({ since }: Pointer): boolean {
    return since > dismissedUpTo.value && now.value - since < NEWS_MS;
  }

  /** Also in another tab, or before this page was loaded anew. */
  function isOwn({ time, role, by }: Pointer): boolean {
    if (ownTimes.has(time)) return true;
    return session.share === null ? role === 'owner' : by !== '' && by === session.name.value;
  }
}

export const pointingKey: InjectionKey<Pointing> = Symbol('pointing');

export function usePointing(): Pointing {
  const pointing = inject(pointingKey);
  if (pointing === undefined) throw new Error('usePointing() was called outside the app');
  return pointing;
}
