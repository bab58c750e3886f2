import { Api } from 'grammy';
import { describe, expect, test } from 'vitest';
import { refusalOf, startTelegram } from './telegram.js';

describe('the bot and its group', () => {
  test('are described as the platform describes them', async () => {
    const { api, chat, telegram } = await startTelegram({ title: 'Team' });
    const me = await api.getMe();
    expect(me).toMatchObject({ is_bot: true, can_join_groups: true, username: 'pocketping_bot' });
    expect(await api.getChat(chat)).toMatchObject({
      id: Number(chat),
      type: 'supergroup',
      title: 'Team',
      is_forum: true,
    });
    expect(await api.getChatMember(chat, me.id)).toMatchObject({
      status: 'administrator',
      can_manage_topics: true,
    });
    const ada = telegram.operator({ name: 'Ada' });
    expect(await api.getChatMember(chat, ada.user.id)).toMatchObject({ status: 'creator' });
    expect(await api.getChatAdministrators(chat)).toHaveLength(2);
    expect((await refusalOf(api.getChatMember(chat, 1))).description).toBe('Bad Request: member not found');
  });

  test('commands are kept per scope', async () => {
    const { api } = await startTelegram();
    const commands = [{ command: 'close', description: 'Close the conversation' }];
    await api.setMyCommands(commands, { scope: { type: 'all_group_chats' } });
    expect(await api.getMyCommands({ scope: { type: 'all_group_chats' } })).toEqual(commands);
    expect(await api.getMyCommands()).toEqual([]);
    const bad = await refusalOf(api.setMyCommands([{ command: 'Not this', description: 'x' }]));
    expect(bad.description).toBe('Bad Request: BOT_COMMAND_INVALID');
  });
});

describe('requests', () => {
  test('with a wrong token are unauthorized', async () => {
    const { telegram } = await startTelegram();
    const stranger = new Api('1:nope', { apiRoot: telegram.apiRoot });
    const refusal = await refusalOf(stranger.getMe());
    expect([refusal.error_code, refusal.description]).toEqual([401, 'Unauthorized']);
  });

  test('for unknown methods and addresses are not found', async () => {
    const { telegram } = await startTelegram();
    for (const path of [`/bot${telegram.botToken}/sendTelepathy`, '/botx/getMe', '/', '/elsewhere']) {
      const response = await fetch(telegram.apiRoot + path);
      expect([response.status, await response.json()]).toEqual([
        404,
        { ok: false, error_code: 404, description: 'Not Found' },
      ]);
    }
  });

  test('may come as a query, a form, multipart or JSON, with methods in any case', async () => {
    const { telegram, chat } = await startTelegram();
    const address = `${telegram.apiRoot}/bot${telegram.botToken}/SENDMESSAGE`;
    const fields = {
      chat_id: chat,
      text: 'hi',
      reply_parameters: '{"message_id":4711,"allow_sending_without_reply":true}',
    };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const json = { 'content-type': 'application/json' };
    const answers = await Promise.all([
      fetch(`${address}?${new URLSearchParams(fields)}`),
      fetch(address, { method: 'POST', body: new URLSearchParams(fields) }),
      fetch(address, { method: 'POST', body: form }),
      fetch(address, { method: 'POST', body: JSON.stringify(fields), headers: json }),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
    expect(telegram.calls.map((call) => call.method)).toEqual(Array(4).fill('sendMessage'));
    const broken = await fetch(address, { method: 'POST', body: '{', headers: json });
    expect(await broken.json()).toMatchObject({ ok: false, error_code: 400 });
    const huge = await fetch(address, { method: 'POST', body: 'x'.repeat(2_000_000), headers: json });
    expect(huge.status).toBe(413);
  });
});
