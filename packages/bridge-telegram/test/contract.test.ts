import { TelegramEmulator } from '@pocketping/emulators';
import { bridgeContract } from '@pocketping/testing';
import { TelegramBridge, type TelegramBridgeOptions } from '../src/index.js';
import { callable } from './callable.js';
import { forumProbe, severable, sharedProbe } from './probe.js';

type Mode = Pick<TelegramBridgeOptions, 'forumChatId' | 'chatIds' | 'webhook'>;

const bridgeTo = (telegram: TelegramEmulator, mode: Mode) => {
  const line = severable();
  const options = {
    ...mode,
    botToken: telegram.botToken,
    apiRoot: telegram.apiRoot,
    client: { buildUrl: line.buildUrl },
  };
  return { bridge: new TelegramBridge(options), otherNode: () => new TelegramBridge(options), line };
};

bridgeContract({
  name: 'TelegramBridge in a forum, by polling,',
  create: async () => {
    const telegram = await TelegramEmulator.start();
    const { bridge, line } = bridgeTo(telegram, { forumChatId: telegram.forumChatId });
    return { bridge, platform: forumProbe(telegram, line) };
  },
});

bridgeContract({
  name: 'TelegramBridge in a forum, by webhook,',
  webhook: true,
  overtaking: true,
  create: async () => {
    const calls = callable();
    const telegram = await TelegramEmulator.start(calls.emulator);
    const { forumChatId } = telegram;
    const { bridge, otherNode, line } = bridgeTo(telegram, { forumChatId, webhook: { url: calls.url } });
    return { bridge, platform: { ...forumProbe(telegram, line), calls: { ...calls.probe, otherNode } } };
  },
});

bridgeContract({
  name: "TelegramBridge in a person's chat, by polling,",
  threadless: true,
  create: async () => {
    const telegram = await TelegramEmulator.start();
    const chatId = telegram.addChat({ type: 'private', person: { name: 'Ada' } });
    const { bridge, line } = bridgeTo(telegram, { chatIds: chatId });
    return { bridge, platform: sharedProbe(telegram, line, chatId) };
  },
});

bridgeContract({
  name: 'TelegramBridge in a group, by polling,',
  threadless: true,
  create: async () => {
    const telegram = await TelegramEmulator.start();
    const chatId = telegram.addChat({ type: 'group', bot: 'administrator' });
    const { bridge, line } = bridgeTo(telegram, { chatIds: [chatId] });
    return { bridge, platform: sharedProbe(telegram, line, chatId) };
  },
});

bridgeContract({
  name: 'TelegramBridge in a supergroup without topics, by webhook,',
  threadless: true,
  webhook: true,
  overtaking: true,
  create: async () => {
    const calls = callable();
    const telegram = await TelegramEmulator.start({ ...calls.emulator, privacy: false });
    const chatId = telegram.addChat({ type: 'supergroup' });
    const { bridge, otherNode, line } = bridgeTo(telegram, { chatIds: chatId, webhook: { url: calls.url } });
    return {
      bridge,
      platform: { ...sharedProbe(telegram, line, chatId), calls: { ...calls.probe, otherNode } },
    };
  },
});
