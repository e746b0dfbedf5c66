/** Starts the page of a bundle: asks for a file where there is none yet, then shows what is in it. */
import { createApp } from 'vue';
import type { Bundle } from '../../../shared/bundle/bundle.ts';
import { forgetFile, keptFile } from './kept-file.ts';
import OpenPage from './OpenPage.vue';
import { servedFile, takeServedKey } from './served-file.ts';
import { showBundle } from '../page/show-bundle.ts';
import { readTabBundle } from './tab-bundle.ts';

export function startBundlePage(): void {
  takeServedKey(window);
  let home = '/';
  const gate = createApp(OpenPage, {
    async first(): Promise<Blob | null> {
      const shown = readTabBundle();
      if (shown === null) return null;
      if (shown.kind === 'served') return servedFile(shown.key);
      const kept = await keptFile(shown.id);
      home = kept?.home ?? home;
      return kept?.file ?? null;
    },
    onOpened(bundle: Bundle): void {
      gate.unmount();
      // Where a command serves it there is nothing else.
      showBundle(bundle, readTabBundle()?.kind === 'served' ? null : () => leaveTo(home));
    },
  });
  gate.mount('#app');
}

function leaveTo(home: string): void {
  void forgetFile().then(() => location.assign(home));
}
