import { BridgeError } from '@pocketping/core';
import type { Run } from '@pocketping/core/rendering';
import { ChannelType, PermissionFlagsBits } from 'discord.js';
import { botDesk } from './desk.js';
import type { Discord } from './discord.js';
import { pacingOf } from './limits.js';
import { Marks } from './mark.js';
import { toParts } from './markup.js';
import { renderMarked } from './render-marked.js';
import type { Room } from './room.js';
import type { Settings } from './settings.js';
import { sideBySide } from './side-by-side.js';

/** A text channel without threads, in which all conversations stand side by side. */
export const sharedRoom = (discord: Discord, settings: Settings): Room => {
  const { chatId } = settings;
  const marks = new Marks(settings.secret);
  let knownBotId: string | undefined;
  return {
    threadless: true,
    pacing: settings.pacing ?? pacingOf('shared'),
    desk: botDesk(discord, false),
    open: async ({ sessionId }) => ({ chatId, threadId: sessionId }),
    render: (note, card) =>
      renderMarked(note, card, settings, { mark: marks.of(card.sessionId), native: true }),
    remark: (runs, threadId) => partOf(threadId === undefined ? runs : [...signOf(marks, threadId), ...runs]),
    ears: {
      hearing: sideBySide(chatId, marks, () => knownBotId),
      permissions: [
        PermissionFlagsBits.ViewChannel,
        PermissionFlagsBits.SendMessages,
        PermissionFlagsBits.EmbedLinks,
        PermissionFlagsBits.AttachFiles,
        PermissionFlagsBits.AddReactions,
        PermissionFlagsBits.ReadMessageHistory,
      ],
      meet: (botId, { type }) => {
        if (type !== ChannelType.GuildText) {
          throw new BridgeError(
            'misconfigured',
            `channelId (${chatId}) is not a text channel. Set it to one, or leave useThreads on for a forum channel.`,
          );
        }
        knownBotId = botId;
      },
    },
  };
};

const signOf = (marks: Marks, threadId: string): Run[] => [
  { text: '↩️', href: marks.of(threadId).link },
  { text: ' ' },
];

const partOf = (runs: readonly Run[]) => toParts(runs)[0] ?? { markup: '', plain: '' };
