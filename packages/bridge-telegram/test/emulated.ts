import {
  type BridgeHost,
  type Call,
  type Inbound,
  type PostCall,
  type SessionCard,
  systemClock,
} from '@pocketping/core';
import { type NewChat, TelegramEmulator, type TelegramEmulatorOptions } from '@pocketping/emulators';
import { recordingLogger } from '@pocketping/testing';
import { afterEach, vi } from 'vitest';
import { TelegramBridge, type TelegramBridgeOptions } from '../src/index.js';

const running: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of running.splice(0).reverse()) await end();
});

/** A group on an emulator, and a bridge to it that was not started; both end with the test. */
export const emulated = async (
  options: Partial<TelegramBridgeOptions> = {},
  emulator: TelegramEmulatorOptions = {},
) => {
  const telegram = await TelegramEmulator.start(emulator);
  running.push(() => telegram.close());
  const bridge = new TelegramBridge({
    botToken: telegram.botToken,
    forumChatId: telegram.forumChatId,
    apiRoot: telegram.apiRoot,
    ...options,
  });
  running.push(() => bridge.stop());
  return { telegram, bridge, ...host() };
};

/** Chats without topics on an emulator, and the bridge of the first one, which was not started. */
export const emulatedChats = async (
  chats: readonly NewChat[],
  options: Partial<TelegramBridgeOptions> = {},
  emulator: TelegramEmulatorOptions = {},
) => {
  const telegram = await TelegramEmulator.start(emulator);
  running.push(() => telegram.close());
  const chatIds = chats.map((chat) => telegram.addChat(chat));
  const { botToken, apiRoot } = telegram;
  const bridge = new TelegramBridge({ botToken, apiRoot, chatIds, ...options });
  const all = [bridge, ...bridge.siblings].map((each) => {
    running.push(() => each.stop());
    return { bridge: each, ...host() };
  });
  return { telegram, chatIds, all, ...(all[0] as (typeof all)[number]) };
};

/** Ends something with the test. */
export const atEnd = (end: () => Promise<unknown>): void => {
  running.push(end);
};

/** A host that keeps what it is told; `receive` can be replaced. */
export const host = () => {
  const logger = recordingLogger();
  const received: Inbound[] = [];
  const broken: unknown[] = [];
  const healed: number[] = [];
  const it: BridgeHost & { receive: BridgeHost['receive'] } = {
    logger,
    clock: systemClock,
    commands: [{ name: 'online', summary: 'Say that you are there' }],
    receive: async (inbound) => {
      received.push(inbound);
    },
    typing: () => {},
    broken: (error) => broken.push(error),
    healed: () => healed.push(broken.length),
    missed: () => {},
  };
  return { host: it, logger, received, broken, healed };
};

export const card: SessionCard = {
  sessionId: 'sess_1',
  visitorId: 'vis_0000ab12',
  startedAt: 0,
  metadata: { url: 'https://acme.example/pricing' },
};

export const call = (): Call => ({ signal: new AbortController().signal });
export const postCall: PostCall = { ...call(), nonce: 'n', plain: false };

/** Waits until it holds, with patience. */
export const eventually = (holds: () => unknown): Promise<unknown> => vi.waitFor(holds, { timeout: 10_000 });
