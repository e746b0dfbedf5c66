/** Starts the page of a bundle: asks for a file where there is none yet, then shows what is in it. */
import { createApp } from 'vue';
import type { Bundle } from '../../../shared/bundle/bundle.ts';
import { forgetFile, keptFile } from './kept-file.ts';
import OpenPage from './OpenPage.vue';
import { servedFile, takeServedKey } from './served-file.ts';
import { showBundle } from './show-bundle.ts';

export function startBundlePage(): void {
  const key = takeServedKey(window);
  const gate = createApp(OpenPage, {
    first: key === null ? keptFile : () => servedFile(key),
    onOpened: (bundle: Bundle) => {
      gate.unmount();
      showBundle(bundle, key === null ? leave : null);
    },
  });
  gate.mount('#app');
}

function leave(): void {
  void forgetFile().then(() => location.assign('/'));
}
