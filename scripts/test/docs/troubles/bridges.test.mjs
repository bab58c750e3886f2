import { describe, expect, it, vi } from 'vitest';
import { DiscordBridge } from '../../../../packages/bridge-discord/src/index.ts';
import { SlackBridge } from '../../../../packages/bridge-slack/src/index.ts';
import { TelegramBridge } from '../../../../packages/bridge-telegram/src/index.ts';
import {
  DiscordEmulator,
  SlackEmulator,
  TelegramEmulator,
} from '../../../../packages/emulators/src/index.ts';
import { engine, platform, refusal } from './house.mjs';
import { isOnThePage } from './page.mjs';

describe('the page has what Telegram’s bridge says', () => {
  const bridgeTo = ({ botToken, forumChatId, apiRoot }, options = {}) =>
    new TelegramBridge({ botToken, forumChatId, apiRoot, ...options });

  it('where the token is wrong', async () => {
    const telegram = await platform(TelegramEmulator);
    isOnThePage(await refusal(bridgeTo(telegram, { botToken: '1:wrong' })));
  });

  it('where the token is missing', () => {
    expect(() => new TelegramBridge({ botToken: undefined, forumChatId: '-1001' })).toThrow(
      expect.toSatisfy(({ message }) => isOnThePage(message) === undefined),
    );
  });

  it('where the group is not found', async () => {
    const telegram = await platform(TelegramEmulator);
    isOnThePage(await refusal(bridgeTo(telegram, { forumChatId: '-1009999999999' })));
  });

  it('where the group has no topics', async () => {
    const telegram = await platform(TelegramEmulator);
    telegram.setForum(telegram.forumChatId, false);
    isOnThePage(await refusal(bridgeTo(telegram)));
  });

  it.each([{ can_manage_topics: false }, { status: 'member' }, { status: 'kicked' }])(
    'where the bot is %j',
    async (membership) => {
      const telegram = await platform(TelegramEmulator);
      telegram.setBotMembership(membership);
      isOnThePage(await refusal(bridgeTo(telegram)));
    },
  );

  it('where it may not delete', async () => {
    const telegram = await platform(TelegramEmulator);
    telegram.setBotMembership({ can_delete_messages: false });
    const { pp, logged } = engine({ bridge: bridgeTo(telegram) });
    await pp.start();
    isOnThePage(logged().find((message) => message.includes('Delete Messages')));
  });

  it('where another process polls', async () => {
    const telegram = await platform(TelegramEmulator);
    const { pp, logger } = engine({ bridge: bridgeTo(telegram) });
    await pp.start();
    await telegram.waitForCall(({ method }) => method === 'getUpdates');
    await fetch(`${telegram.apiRoot}/bot${telegram.botToken}/getUpdates?timeout=0`);
    await vi.waitFor(() => {
      const told = logger.lines.map(({ fields }) => fields.err?.message ?? '');
      isOnThePage(told.find((message) => message.includes('Another process')));
    });
    expect((await pp.health()).bridges).toMatchObject([{ reason: 'misconfigured' }]);
  });

  it('where a bridge does not work, and what visitors write is kept', async () => {
    const telegram = await platform(TelegramEmulator);
    const { pp, logged } = engine({ bridge: bridgeTo(telegram, { botToken: '1:wrong' }) });
    await pp.getSessions();
    await vi.waitFor(() => isOnThePage(logged().find((message) => message.includes('does not work yet'))));
    expect(await pp.health()).toMatchObject({ status: 'degraded', bridges: [{ reason: 'unauthorized' }] });
  });
});

describe('the page has what the team is told in its app', () => {
  it('where nobody can hear what they write, or understands the command', async () => {
    const telegram = await platform(TelegramEmulator);
    const { botToken, forumChatId, apiRoot } = telegram;
    const { pp } = engine({ bridge: new TelegramBridge({ botToken, forumChatId, apiRoot }) });
    await pp.start();
    const { session, token } = await pp.conversation.connect({ visitorId: 'browser-1' }, {});
    const visitor = await pp.conversation.authenticate(token);
    await pp.conversation.send(visitor, { sessionId: session.id, content: 'Do you ship to Peru?' });
    const { topicId } = await telegram.waitForMessage(({ text }) => text === 'Do you ship to Peru?');
    const ada = telegram.operator({ name: 'Ada' });
    const answerTo = async (text) => {
      const { id } = ada.type(topicId, text);
      return (await telegram.waitForMessage(({ replyTo }) => replyTo?.id === id)).text;
    };
    isOnThePage(await answerTo('!note asked before'));
    await pp.conversation.leave(visitor, session.id);
    isOnThePage(await answerTo('Yes, we do'));
    expect(await pp.getMessages(session.id)).toHaveLength(1);
  });
});

describe('the page has what Discord’s bridge says', () => {
  const bridgeTo = ({ botToken, channelId, apiRoot }, options = {}) =>
    new DiscordBridge({ botToken, channelId, apiRoot, ...options });

  it('where the token is wrong', async () => {
    const discord = await platform(DiscordEmulator);
    isOnThePage(await refusal(bridgeTo(discord, { botToken: 'a.b.c' })));
  });

  it('where it may not read messages', async () => {
    const discord = await platform(DiscordEmulator);
    discord.setMessageContent(false);
    isOnThePage(await refusal(bridgeTo(discord)));
  });

  it.each(['SEND_MESSAGES', 'VIEW_CHANNEL'])('where the permission %s is missing', async (permission) => {
    const discord = await platform(DiscordEmulator);
    discord.deny(permission);
    isOnThePage(await refusal(bridgeTo(discord)));
  });
});

describe('the page has what Slack’s bridge says', () => {
  const bridgeTo = ({ botToken, channelId, apiUrl, appToken }, options = {}) =>
    new SlackBridge({ botToken, channelId, apiUrl, appToken, ...options });

  it('where the token is wrong', async () => {
    const slack = await platform(SlackEmulator);
    isOnThePage(await refusal(bridgeTo(slack, { botToken: 'xoxb-wrong' })));
  });

  it('where scopes are missing', async () => {
    const slack = await platform(SlackEmulator);
    slack.setScopes(['chat:write', 'channels:read', 'channels:history']);
    isOnThePage(await refusal(bridgeTo(slack)));
  });

  it('where the app is not in the channel, or that is archived', async () => {
    const slack = await platform(SlackEmulator);
    slack.setMember(false);
    isOnThePage(await refusal(bridgeTo(slack)));
    slack.archive();
    isOnThePage(await refusal(bridgeTo(slack)));
  });
});
