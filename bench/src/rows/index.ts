import type { Row } from '../bench.js';
import { broadcast } from './broadcast.js';
import { commitToWidget } from './commit-to-widget.js';
import { growths } from './growth.js';
import { history } from './history.js';
import { messageExpress } from './message-express.js';
import { messageFastify } from './message-fastify.js';
import { messageMemory } from './message-memory.js';
import { messageNext } from './message-next.js';
import { messageSqlite } from './message-sqlite.js';
import { newSessions } from './new-sessions.js';
import { slowBridges } from './slow-bridge.js';
import { socketMemory } from './socket-memory.js';
import { widgetSize } from './widget-size.js';

/** The suite, in the order of DESIGN §8. */
export const rows: readonly Row[] = [
  messageMemory,
  messageExpress,
  messageFastify,
  messageNext,
  messageSqlite,
  commitToWidget,
  broadcast,
  socketMemory,
  ...slowBridges,
  history,
  newSessions,
  ...growths,
  widgetSize,
];
