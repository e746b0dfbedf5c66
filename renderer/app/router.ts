/** The screens and their addresses. */
import { createRouter, type Router, type RouterHistory } from 'vue-router';
import OverviewScreen from '../screens/overview/OverviewScreen.vue';
import type { Channel } from '../../shared/event-rules.ts';
import type { Deed } from '../session/session.ts';
import { rangeQuery } from './time-range.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Who may not do this is not shown the screen. */
    needs?: Deed;
    /** The screen is made of this channel: who does not see it is not shown the screen. */
    shows?: Channel;
  }
}

/** `history`: of the browser, from where this page's screens begin. */
export function createAppRouter(history: RouterHistory): Router {
  const router = createRouter({
    history,
    routes: [
      { path: '/', name: 'overview', component: OverviewScreen },
      {
        path: '/host/:id',
        name: 'host',
        component: () => import('../screens/host/HostScreen.vue'),
        props: true,
      },
      {
        path: '/logs',
        name: 'logs',
        meta: { shows: 'logs' },
        component: () => import('../screens/logs/LogsScreen.vue'),
      },
      { path: '/events', name: 'events', component: () => import('../screens/events/EventsScreen.vue') },
      {
        path: '/share',
        name: 'share',
        meta: { needs: 'share' },
        component: () => import('../screens/share/ShareScreen.vue'),
      },
      {
        path: '/settings/:section?',
        name: 'settings',
        meta: { needs: 'configure' },
        component: () => import('../screens/settings/SettingsScreen.vue'),
        props: (to) => ({ section: String(to.params['section'] ?? '') }),
      },
      { path: '/:rest(.*)*', name: 'not-found', component: () => import('../screens/NotFoundScreen.vue') },
    ],
  });

  // Back and Forward lead to what was shown, as it was shown. Told here before the router hears of it.
  let isTravelling = false;
  history.listen(() => (isTravelling = true));
  router.afterEach(() => (isTravelling = false));

  // The time shown stays the same from screen to screen, unless a link names another; so do TV mode and a pinned moment.
  router.beforeEach((to, from) => {
    if (to.path === from.path || isTravelling) return true;
    const { tv, pin } = from.query;
    const hasRange = Object.keys(rangeQuery(to.query)).length > 0;
    const carried = {
      ...(!hasRange && rangeQuery(from.query)),
      ...(tv !== undefined && to.query['tv'] === undefined && { tv }),
      ...(pin !== undefined && to.query['pin'] === undefined && { pin }),
    };
    if (Object.keys(carried).length === 0) return true;
    return { ...to, query: { ...to.query, ...carried }, replace: false };
  });
  return router;
}
