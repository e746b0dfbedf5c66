/** Starts the dashboard page. */
import './theme/fonts.css';
import './theme/tokens.css';
import './theme/base.css';
import { createApp } from 'vue';
import App from './app/App.vue';
import { createAppRouter } from './app/router.ts';
import { createDashboard, dashboardKey } from './store/dashboard.ts';
import { createTheme, themeKey } from './theme/theme.ts';

const dashboard = createDashboard();
createApp(App)
  .use(createAppRouter())
  .provide(dashboardKey, dashboard)
  .provide(themeKey, createTheme())
  .mount('#app');
