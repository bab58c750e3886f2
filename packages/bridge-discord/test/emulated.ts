import {
  type Clock,
  type Inbound,
  type PostCall,
  type SessionCard,
  systemClock,
  type ThreadRef,
} from '@pocketping/core';
import { DiscordEmulator, type DiscordEmulatorOptions } from '@pocketping/emulators';
import { call, hostInTest } from '@pocketping/testing';
import { onTestFinished } from 'vitest';
import { type DiscordBotOptions, DiscordBridge } from '../src/index.js';

/** A server on an emulator, and a bridge to its channel that was not started; both end with the test. */
export const emulated = async (
  options: Partial<DiscordBotOptions> = {},
  emulator: DiscordEmulatorOptions = {},
) => {
  const discord = await DiscordEmulator.start(emulator);
  onTestFinished(() => discord.close());
  const { botToken, channelId, apiRoot } = discord;
  const bridge = new DiscordBridge({ botToken, channelId, apiRoot, ...options });
  onTestFinished(() => bridge.stop());
  return { discord, bridge, ada: discord.operator('Ada'), ...hostInTest() };
};

/** The same, started, with a thread. @param clock the host's, the system's unless told */
export const listening = async (
  options: Partial<DiscordBotOptions> = {},
  emulator: DiscordEmulatorOptions = {},
  clock: Clock = systemClock,
) => {
  const all = await emulated(options, emulator);
  all.host.clock = clock;
  await all.bridge.start(all.host);
  const thread = await all.bridge.open(card, call());
  return { ...all, thread };
};

export const card: SessionCard = {
  sessionId: 'sess_1',
  visitorId: 'vis_0000ab12',
  startedAt: 0,
  metadata: { url: 'https://acme.example/pricing' },
};

let posts = 0;
export const postCall = (options: Partial<PostCall> = {}): PostCall => ({
  ...call(),
  nonce: `n-${++posts}`,
  plain: false,
  ...options,
});

/** A visitor's words in a thread. */
export const said = (
  bridge: DiscordBridge,
  thread: ThreadRef,
  content: string,
  options: Partial<PostCall> = {},
) => {
  const author = { kind: 'visitor', id: card.visitorId } as const;
  const [part] = bridge.render({ kind: 'message', author, content, at: 0, edited: false }, card);
  return bridge.post(thread, part as NonNullable<typeof part>, postCall(options));
};

export const contentsOf = (received: readonly Inbound[]): string[] =>
  received.flatMap((inbound) => ('content' in inbound ? [inbound.content] : []));
