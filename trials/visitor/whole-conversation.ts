import type { Client } from '../../packages/widget/src/client/client.js';
import { until } from '../until.js';

/** Opens a widget's window and pages back to the first message. */
export const loadWhole = async (client: Client): Promise<void> => {
  client.open();
  await until(() => client.state().link === 'live', 'the widget is live');
  while (client.state().hasMore) await client.loadOlder();
};
