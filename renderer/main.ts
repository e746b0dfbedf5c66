/** Starts the dashboard page. The ticket leaves the address before the router, or anything else, sees it. */
import './stream/zod-jitless.ts';
import './theme/fonts.css';
import './theme/tokens.css';
import './theme/base.css';
import { createApp } from 'vue';
import App from './app/App.vue';
import { createAppRouter } from './app/router.ts';
import { takeTicket } from './session/launch-ticket.ts';

const ticket = takeTicket(window);
createApp(App, { ticket }).use(createAppRouter()).mount('#app');
