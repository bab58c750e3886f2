import type { Chat } from './chat.js';
import type { ChatSetting } from './chat-settings.js';
import { Connection } from './connection.js';
import { forum } from './forum.js';
import type { TelegramBridgeOptions } from './options.js';
import { type Settings, settingsFrom } from './settings.js';
import { SharedChat } from './shared-chat.js';

/** A bot, its chats, and the connection that they share. */
export interface Line {
  readonly settings: Settings;
  readonly chats: readonly [Chat, ...Chat[]];
  readonly connection: Connection;
}

/** @throws BridgeError `misconfigured` */
export const lineFrom = (options: TelegramBridgeOptions): Line => {
  const settings = settingsFrom(options);
  const [first, ...others] = settings.chats;
  const chatOf = (setting: ChatSetting): Chat =>
    setting.kind === 'forum' ? forum(settings, setting) : new SharedChat(settings, setting);
  const chats = [chatOf(first), ...others.map(chatOf)] as const;
  return { settings, chats, connection: new Connection(settings, chats) };
};
