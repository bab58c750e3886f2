import type { PostCall, SessionCard } from '@pocketping/core';
import { type NewChat, TelegramEmulator, type TelegramEmulatorOptions } from '@pocketping/emulators';
import { call, hostInTest } from '@pocketping/testing';
import { onTestFinished } from 'vitest';
import { TelegramBridge, type TelegramBridgeOptions } from '../src/index.js';

/** A group on an emulator, and a bridge to it that was not started; both end with the test. */
export const emulated = async (
  options: Partial<TelegramBridgeOptions> = {},
  emulator: TelegramEmulatorOptions = {},
) => {
  const telegram = await TelegramEmulator.start(emulator);
  onTestFinished(() => telegram.close());
  const bridge = new TelegramBridge({
    botToken: telegram.botToken,
    forumChatId: telegram.forumChatId,
    apiRoot: telegram.apiRoot,
    ...options,
  });
  onTestFinished(() => bridge.stop());
  return { telegram, bridge, ...hostInTest() };
};

/** Chats without topics on an emulator, and the bridge of the first one, which was not started. */
export const emulatedChats = async (
  chats: readonly NewChat[],
  options: Partial<TelegramBridgeOptions> = {},
  emulator: TelegramEmulatorOptions = {},
) => {
  const telegram = await TelegramEmulator.start(emulator);
  onTestFinished(() => telegram.close());
  const chatIds = chats.map((chat) => telegram.addChat(chat));
  const { botToken, apiRoot } = telegram;
  const bridge = new TelegramBridge({ botToken, apiRoot, chatIds, ...options });
  const all = [bridge, ...bridge.siblings].map((each) => {
    onTestFinished(() => each.stop());
    return { bridge: each, ...hostInTest() };
  });
  return { telegram, chatIds, all, ...(all[0] as (typeof all)[number]) };
};

export const card: SessionCard = {
  sessionId: 'sess_1',
  visitorId: 'vis_0000ab12',
  startedAt: 0,
  metadata: { url: 'https://acme.example/pricing' },
};

export const postCall: PostCall = { ...call(), nonce: 'n', plain: false };
