import { type Bridge, BridgeError } from '@pocketping/core';
import { type APIThreadChannel, ChannelFlags, ChannelType, PermissionFlagsBits } from 'discord.js';
import { REQUIRE_NO_TAG } from './advice.js';
import { archive, botDesk, idOf, unlessArchived } from './desk.js';
import type { Discord } from './discord.js';
import { AUTO_ARCHIVE_MINUTES, pacingOf } from './limits.js';
import { bodyOf, toParts } from './markup.js';
import { inThreads } from './parse.js';
import { openingRuns, render } from './render.js';
import type { Room } from './room.js';
import type { Settings } from './settings.js';
import { titleOf } from './title.js';

/** A text or forum channel, with a thread for each conversation. @see https://discord.com/developers/docs/topics/threads */
export const threadRoom = (discord: Discord, settings: Settings): Room => {
  const { chatId } = settings;
  let isForum: boolean | undefined;
  let knownBotId: string | undefined;
  const forum = async (signal: AbortSignal): Promise<boolean> => {
    if (isForum === undefined) {
      const channel = await discord.ask<{ type: number }>(
        { method: 'GET', path: `/channels/${chatId}`, at: 'channel' },
        signal,
      );
      isForum = channel.type === ChannelType.GuildForum;
    }
    return isForum;
  };
  return {
    pacing: settings.pacing ?? pacingOf('threads'),
    desk: botDesk(discord, true),
    closing: {
      close: (thread, call) => archive(discord, thread.threadId, true, call),
      reopen: (thread, call) => archive(discord, thread.threadId, false, call),
      postsReopen: true,
    },
    titles: titles(discord, settings),
    open: async (card, { signal }) => {
      const name = titleOf(card, settings);
      const [opening] = toParts(openingRuns(card));
      const thread = await discord.act<APIThreadChannel>(
        {
          method: 'POST',
          path: `/channels/${chatId}/threads`,
          body: {
            name,
            auto_archive_duration: AUTO_ARCHIVE_MINUTES,
            ...((await forum(signal))
              ? { message: { ...(opening && bodyOf(opening, false)), allowed_mentions: { parse: [] } } }
              : { type: ChannelType.PublicThread }),
          },
          at: 'channel',
        },
        signal,
      );
      return { chatId, threadId: thread.id };
    },
    render: (note) => render(note, settings),
    remark: (runs) => toParts(runs)[0] ?? { markup: '', plain: '' },
    ears: {
      hearing: inThreads(chatId, () => knownBotId),
      permissions: [
        PermissionFlagsBits.ViewChannel,
        PermissionFlagsBits.SendMessages,
        PermissionFlagsBits.CreatePublicThreads,
        PermissionFlagsBits.SendMessagesInThreads,
        PermissionFlagsBits.EmbedLinks,
        PermissionFlagsBits.AttachFiles,
        PermissionFlagsBits.AddReactions,
        PermissionFlagsBits.ReadMessageHistory,
      ],
      meet: (botId, { type, flags }) => {
        knownBotId = botId;
        if (type !== ChannelType.GuildText && type !== ChannelType.GuildForum) {
          throw new BridgeError(
            'misconfigured',
            `channelId (${chatId}) is neither a text channel nor a forum channel. Set it to one of these.`,
          );
        }
        isForum = type === ChannelType.GuildForum;
        if (isForum && flags.has(ChannelFlags.RequireTag)) {
          throw new BridgeError('misconfigured', `No thread can be opened. ${REQUIRE_NO_TAG}`);
        }
      },
    },
  };
};

const titles = (discord: Discord, settings: Settings): NonNullable<Bridge['titles']> => ({
  /** Discord lets a thread be renamed twice in ten minutes. No message should wait for that, so the title stays as it was. */
  rename: async ({ threadId }, card, { signal }) => {
    const name = titleOf(card, settings);
    const path = `/channels/${idOf(threadId, 'thread_gone')}` as const;
    const thread = await discord.ask<APIThreadChannel>({ method: 'GET', path, at: 'thread' }, signal);
    if (thread.name === name) return;
    // A closed conversation is not opened for its title.
    if (thread.thread_metadata?.archived) return;
    const renaming = discord.act({ method: 'PATCH', path, body: { name }, at: 'thread' }, signal);
    await unlessArchived(renaming).catch((error: unknown) => {
      if (!BridgeError.isInstance(error) || error.code !== 'rate_limited') throw error;
    });
  },
});
