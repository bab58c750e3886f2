import { webhookDesk } from './desk.js';
import type { Discord } from './discord.js';
import { pacingOf } from './limits.js';
import { toParts } from './markup.js';
import { renderMarked } from './render-marked.js';
import type { Room } from './room.js';
import type { Settings } from './settings.js';

/** A channel that is reached through its webhook: posts go there, and nobody is heard. */
export const webhookRoom = (discord: Discord, settings: Settings): Room => {
  const { chatId, threadId, secret } = settings;
  return {
    threadless: true,
    pacing: settings.pacing ?? pacingOf('webhook'),
    desk: webhookDesk(discord, { id: chatId, token: secret, threadId }),
    open: async ({ sessionId }) => ({ chatId, threadId: sessionId }),
    render: (note, card) => renderMarked(note, card, settings, { native: false }),
    remark: (runs) => toParts(runs)[0] ?? { markup: '', plain: '' },
  };
};
