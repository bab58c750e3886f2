import { hostInTest } from '@pocketping/testing';
import type { ApiClientOptions } from 'grammy';
import type { Update } from 'grammy/types';
import { describe, expect, it } from 'vitest';
import { forum } from '../src/forum.js';
import { settingsFrom } from '../src/settings.js';
import { SharedChat } from '../src/shared-chat.js';
import { Switchboard } from '../src/switchboard.js';
import { fixture } from './fixtures.js';

const bot = { id: 7012345678, username: 'AcmePocketPingBot' };
const botToken = `${bot.id}:AAE-secret`;
const endless = new AbortController().signal;

describe('in a forum', () => {
  const listening = () => {
    const settings = settingsFrom({ botToken, forumChatId: '-1001987654321' });
    const chat = forum(settings, settings.chats[0]);
    const watched = hostInTest();
    const asked: boolean[] = [];
    const switchboard = new Switchboard([chat], async (named) => {
      asked.push(named);
      return named ? bot : { id: bot.id, username: undefined };
    });
    const take = (update: Update) => switchboard.take(update, endless);
    return { ...watched, chat, switchboard, take, asked };
  };
  const connected = () => {
    const all = listening();
    all.switchboard.connect(all.chat, all.host);
    return all;
  };

  it('hands over what happens in the group', async () => {
    const { take, received } = connected();
    await take(fixture('text'));
    expect(received).toHaveLength(1);
  });

  it('ignores other chats and says so once', async () => {
    const { take, received, logger } = connected();
    await take(fixture('other-chat'));
    await take(fixture('other-chat'));
    expect(received).toEqual([]);
    expect(logger.lines.filter(({ message }) => message.includes('other Telegram chats'))).toMatchObject([
      { level: 'debug', fields: { chatId: '423456789' } },
    ]);
  });

  it('says at the lowest level what it passes over, without repeating it', async () => {
    const { take, logger } = connected();
    await take(fixture('talk-in-general'));
    await take({ update_id: 5 });
    expect(logger.lines).toMatchObject([
      { level: 'debug', fields: { updateId: 581230113 } },
      { level: 'debug', fields: { updateId: 5 } },
    ]);
    expect(JSON.stringify(logger.lines)).not.toContain('Lunch');
  });

  it.each<[string, object]>([
    ['no chat', { message_id: 4, from: { id: 5 } }],
    ['no date', { message_id: 4, from: { id: 5 }, chat: { id: -1001987654321 }, entities: {}, text: '/x' }],
    ['a chat that is none', { message_id: 4, from: { id: 5 }, chat: null, text: 'x' }],
  ])(
    'passes over what it does not understand, so that it cannot hold up everything else: %s',
    async (_, message) => {
      const { take, logger } = connected();
      await take({ update_id: 1, message } as unknown as Update);
      expect(logger.lines).toMatchObject([{ level: 'error', fields: { updateId: 1 } }]);
    },
  );

  it('rejects when the host did not take it', async () => {
    const { take, host } = connected();
    host.receive = async () => {
      throw new Error('The storage is away');
    };
    await expect(take(fixture('text'))).rejects.toThrow('The storage is away');
  });

  it('rejects what comes before anybody can take it, so that it comes again', async () => {
    const { take, switchboard, chat, host, received } = listening();
    await expect(take(fixture('text'))).rejects.toThrow('has not started yet');
    switchboard.connect(chat, host);
    await take(fixture('text'));
    expect(received).toHaveLength(1);
  });

  it('hands nothing more over once it is disconnected, and waits for what is under way', async () => {
    const { take, switchboard, chat, host } = connected();
    const events: string[] = [];
    let finish = () => {};
    host.receive = () =>
      new Promise((resolve) => {
        events.push('received');
        finish = () => {
          events.push('taken');
          resolve();
        };
      });
    const taking = take(fixture('text'));
    await new Promise((resolve) => setImmediate(resolve));
    const disconnecting = switchboard.disconnect(chat).then(() => events.push('disconnected'));
    await new Promise((resolve) => setImmediate(resolve));
    finish();
    await Promise.all([taking, disconnecting]);
    expect(events).toEqual(['received', 'taken', 'disconnected']);
    await expect(take(fixture('edited'))).rejects.toThrow('has not started yet');
  });

  it('asks for the name of the bot only where a command names one', async () => {
    const { take, asked, received } = connected();
    await take(fixture('text'));
    await take(fixture('delete-alone'));
    await take(fixture('command-for-other-bot'));
    await take(fixture('command'));
    expect(asked.map(Number)).toEqual([0, 0, 1, 1]);
    expect(received.map(({ kind }) => kind)).toEqual(['message', 'command', 'command']);
  });
});

describe('with several chats', () => {
  const PERSON = '423456789';
  const OLD_GROUP = '-4012345678';
  const SUPERGROUP = '-1002345678901';
  const listening = () => {
    const settings = settingsFrom({ botToken, chatIds: [PERSON, OLD_GROUP] });
    const [person, group] = settings.chats.map((setting) => new SharedChat(settings, setting)) as [
      SharedChat,
      SharedChat,
    ];
    const switchboard = new Switchboard([person, group], async () => bot);
    const [forPerson, forGroup] = [hostInTest(), hostInTest()];
    switchboard.connect(person, forPerson.host);
    switchboard.connect(group, forGroup.host);
    group.logTo(forGroup.logger);
    const take = (update: Update) => switchboard.take(update, endless);
    return { person, group, switchboard, take, forPerson, forGroup };
  };
  const service = (chatId: string, said: object): Update =>
    ({
      update_id: 1,
      message: {
        message_id: 9,
        date: 1760000000,
        from: { id: 5, is_bot: false, first_name: 'Bea' },
        chat: { id: Number(chatId), type: chatId.startsWith('-100') ? 'supergroup' : 'group', title: 'Team' },
        ...said,
      },
    }) as Update;
  const asking = (chatId: string) =>
    service(chatId, { text: '/status', entities: [{ type: 'bot_command', offset: 0, length: 7 }] });

  it('hands each what is its own', async () => {
    const { take, forPerson, forGroup } = listening();
    await take(fixture('other-chat'));
    await take(asking(OLD_GROUP));
    expect(forPerson.received).toMatchObject([{ kind: 'command', name: 'help', ref: { chatId: PERSON } }]);
    expect(forGroup.received).toMatchObject([
      { kind: 'command', name: 'status', ref: { chatId: OLD_GROUP } },
    ]);
  });

  it.each([
    ['in the old group', OLD_GROUP, { migrate_to_chat_id: Number(SUPERGROUP) }],
    ['in the new one', SUPERGROUP, { migrate_from_chat_id: Number(OLD_GROUP) }],
  ])('follows a group that became a supergroup, as it is told %s', async (_, chatId, said) => {
    const { take, group, forGroup, forPerson } = listening();
    await take(service(chatId, said));
    expect(group.id).toBe(SUPERGROUP);
    await take(asking(SUPERGROUP));
    await take(asking(OLD_GROUP));
    expect(forGroup.received.map(({ ref }) => ref.chatId)).toEqual([SUPERGROUP, OLD_GROUP]);
    expect(forPerson.received).toEqual([]);
    expect(forGroup.logger.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { message: expect.stringContaining(`has become the supergroup ${SUPERGROUP}`) },
    ]);
  });

  it('does not lose what is said in a strange supergroup when it cannot ask whether it is one of its groups', async () => {
    const { take, group, forGroup } = listening();
    let reachable = false;
    group.look = async () => {
      if (!reachable) throw new Error('Telegram cannot be reached');
      group.follow(SUPERGROUP);
    };
    await expect(take(asking(SUPERGROUP))).rejects.toThrow('cannot be reached');
    reachable = true;
    await take(asking(SUPERGROUP));
    expect(forGroup.received).toMatchObject([{ name: 'status' }]);
  });

  it('looks at a strange supergroup once', async () => {
    const { take, group, forGroup } = listening();
    let looks = 0;
    group.look = async () => {
      looks += 1;
    };
    await take(asking('-1009999999999'));
    await take(asking('-1009999999999'));
    await take(asking('-4099999'));
    expect(looks).toBe(1);
    expect(forGroup.received).toEqual([]);
  });
});

describe('a supergroup that nobody knows', () => {
  it('is asked about again when Telegram would not say whether ours has become it', async () => {
    const supergroup = -1002345678901;
    let busy = true;
    const fetch = async () => {
      const refusal = busy
        ? { error_code: 429, description: 'Too Many Requests: retry after 5', parameters: { retry_after: 5 } }
        : {
            error_code: 400,
            description: 'Bad Request: group chat was upgraded to a supergroup chat',
            parameters: { migrate_to_chat_id: supergroup },
          };
      return new Response(JSON.stringify({ ok: false, ...refusal }), { status: refusal.error_code });
    };
    const client = { fetch: fetch as unknown as NonNullable<ApiClientOptions['fetch']> };
    const settings = settingsFrom({ botToken, chatIds: ['-4012345678'], client });
    const chat = new SharedChat(settings, settings.chats[0]);
    const switchboard = new Switchboard([chat], async () => bot);
    const watched = hostInTest();
    switchboard.connectCalls(chat, watched.host);
    const update = (update_id: number): Update => ({
      update_id,
      message: {
        message_id: 9,
        date: 1760000000,
        text: '/status',
        entities: [{ type: 'bot_command', offset: 0, length: 7 }],
        from: { id: 5, is_bot: false, first_name: 'Bea' },
        chat: { id: supergroup, type: 'supergroup', title: 'Team' },
      },
    });
    await expect(switchboard.take(update(1), endless)).rejects.toMatchObject({ code: 'rate_limited' });
    busy = false;
    await switchboard.take(update(2), endless);
    expect(watched.received).toMatchObject([{ kind: 'command', name: 'status' }]);
  });
});
