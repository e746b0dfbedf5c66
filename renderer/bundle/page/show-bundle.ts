/** A bundle with the dashboard's own screens: in the place of a hub, all they ask is answered from it. */
import { createApp } from 'vue';
import { createWebHistory } from 'vue-router';
import type { Bundle } from '../../../shared/bundle/bundle.ts';
import App from '../../app/App.vue';
import { createAppRouter } from '../../app/router.ts';
import { bundleFetch } from '../answers/bundle-hub.ts';
import { BUNDLE_PAGE, type BundlePage } from '../bundle-page.ts';
import { openBundleStream } from './bundle-stream.ts';
import { showWholeWindow } from './whole-window.ts';

/** `close`: leaves the bundle; null: there is nothing else to go to. */
export function showBundle(bundle: Bundle, close: (() => void) | null): void {
  // This page has no hub: whoever asks one is answered by the bundle, and nothing leaves the browser.
  window.fetch = bundleFetch(bundle);
  const page: BundlePage = {
    bundle,
    clock: { now: () => bundle.head.to, correct: () => undefined },
    openStream: (dashboard) => openBundleStream(bundle, dashboard),
    close,
  };
  const router = createAppRouter(createWebHistory(BUNDLE_PAGE));
  showWholeWindow(router, bundle.head);
  createApp(App, { entry: { share: null, key: null, bundle: page } })
    .use(router)
    .mount('#app');
}
