/** Starts the page of a bundle: asks for a file where there is none yet, then shows it with the dashboard's own screens. */
import { createApp } from 'vue';
import { createWebHistory } from 'vue-router';
import type { Bundle } from '../../../shared/bundle/bundle.ts';
import App from '../../app/App.vue';
import { createAppRouter } from '../../app/router.ts';
import { bundleFetch } from '../answers/bundle-hub.ts';
import { BUNDLE_PAGE, type BundlePage } from '../bundle-page.ts';
import { openBundleStream } from './bundle-stream.ts';
import { forgetFile, keptFile } from './kept-file.ts';
import OpenPage from './OpenPage.vue';
import { servedFile, takeServedKey } from './served-file.ts';
import { showWholeWindow } from './whole-window.ts';

export function startBundlePage(): void {
  const key = takeServedKey(window);
  const gate = createApp(OpenPage, {
    first: key === null ? keptFile : () => servedFile(key),
    onOpened: (bundle: Bundle) => {
      gate.unmount();
      show(bundle, key !== null);
    },
  });
  gate.mount('#app');
}

function show(bundle: Bundle, isServed: boolean): void {
  // This page has no hub: whoever asks one is answered by the bundle, and nothing leaves the browser.
  window.fetch = bundleFetch(bundle);
  const page: BundlePage = {
    bundle,
    clock: { now: () => bundle.head.to, correct: () => undefined },
    openStream: (dashboard) => openBundleStream(bundle, dashboard),
    close: isServed ? null : () => void forgetFile().then(() => location.assign('/')),
  };
  const router = createAppRouter(createWebHistory(BUNDLE_PAGE));
  showWholeWindow(router, bundle.head);
  createApp(App, { entry: { share: null, key: null, bundle: page } })
    .use(router)
    .mount('#app');
}
