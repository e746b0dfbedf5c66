/** Starts the dashboard page. What opens it leaves the address before the router, or anything else, sees it. */
import './stream/zod-jitless.ts';
import './theme/fonts.css';
import './theme/tokens.css';
import './theme/base.css';
import { createApp } from 'vue';
import { createWebHistory } from 'vue-router';
import App from './app/App.vue';
import { createAppRouter } from './app/router.ts';
import { isBundlePage } from './bundle/bundle-page.ts';
import { takeEntry } from './session/entry.ts';
import { pageBase } from './session/share-address.ts';

if (isBundlePage(location.pathname)) {
  void import('./bundle/open/start-bundle-page.ts').then(({ startBundlePage }) => startBundlePage());
} else {
  const entry = takeEntry(window);
  const history = createWebHistory(pageBase(entry.share));
  createApp(App, { entry }).use(createAppRouter(history)).mount('#app');
}
