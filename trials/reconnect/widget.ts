import { type Client, createClient } from '../../packages/widget/src/client/client.js';
import { until } from '../until.js';
import type { Browser, Carrier, Tab } from '../visitor/environment.js';
import { fastClock } from '../visitor/fast-clock.js';

/** The widget waits a second before it reconnects, and longer each time; here it is in a hurry. */
const HURRY = 10;

/** The widget's client on one page. */
export interface Widget {
  readonly client: Client;
  readonly tab: Tab;
  /** The paths it has asked for so far, without their queries. */
  readonly asked: string[];
}

/** Opens a page with the widget's window open, and waits until it is live. */
export const openWidget = async (browser: Browser, endpoint: string, carrier: Carrier): Promise<Widget> => {
  const asked: string[] = [];
  const tab = browser.tab({
    clock: fastClock(HURRY),
    carrier,
    onAnswer: (url) => asked.push(new URL(url).pathname.replace('/pocketping', '')),
  });
  const client = createClient({ endpoint }, tab.environment);
  client.open();
  await until(() => client.state().link === 'live', `a widget over ${carrier} is live`);
  return { client, tab, asked };
};

/** Everything that the window draws from. */
export const shown = ({ client }: Widget) => {
  const { sessionId, messages, hasMore, unsent, read, presence, closed, welcomeMessage } = client.state();
  return { sessionId, messages, hasMore, unsent, read, online: presence?.online, closed, welcomeMessage };
};

/** Which carrier brings the log now. */
export const carrierOf = ({ tab, asked }: Widget): Carrier | undefined => {
  if (tab.sockets > 0) return 'WebSocket';
  return asked.findLast((path) => path === '/stream' || path === '/events') === '/stream'
    ? 'server-sent events'
    : asked.includes('/events')
      ? 'long polling'
      : undefined;
};
