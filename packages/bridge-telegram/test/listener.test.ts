import type { Update } from 'grammy/types';
import { expect, it } from 'vitest';
import { listener } from '../src/listener.js';
import { host } from './emulated.js';
import { fixture } from './fixtures.js';

const bot = { id: 7012345678, username: 'AcmePocketPingBot' };

const listening = () => {
  const watched = host();
  return { ...watched, take: listener('-1001987654321', bot, watched.host) };
};

it('hands over what happens in the group', async () => {
  const { take, received } = listening();
  await take(fixture('text'));
  expect(received).toHaveLength(1);
});

it('ignores other chats and says so once', async () => {
  const { take, received, logger } = listening();
  await take(fixture('other-chat'));
  await take(fixture('other-chat'));
  expect(received).toEqual([]);
  expect(logger.lines.filter(({ message }) => message.includes('other Telegram chats'))).toMatchObject([
    { level: 'debug', fields: { chatId: '423456789' } },
  ]);
});

it('says at the lowest level what it passes over, without repeating it', async () => {
  const { take, logger } = listening();
  await take(fixture('talk-in-general'));
  expect(logger.lines).toMatchObject([{ level: 'debug', fields: { updateId: 581230113 } }]);
  expect(JSON.stringify(logger.lines)).not.toContain('Lunch');
});

it('passes over what it does not understand, so that it cannot hold up everything else', async () => {
  const { take, logger } = listening();
  await take({ update_id: 1, message: { message_id: 4, from: { id: 5 } } } as unknown as Update);
  expect(logger.lines).toMatchObject([{ level: 'error', fields: { updateId: 1 } }]);
});

it('rejects when the host did not take it', async () => {
  const { take, host } = listening();
  host.receive = async () => {
    throw new Error('The storage is away');
  };
  await expect(take(fixture('text'))).rejects.toThrow('The storage is away');
});
