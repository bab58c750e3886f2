import { type NewChat, TelegramEmulator, type TelegramEmulatorOptions } from '@pocketping/emulators';
import type { BridgeMode, PlatformProbe } from '@pocketping/testing';
import type { ChatSetting } from '../src/chat-settings.js';
import { TelegramBridge, type TelegramBridgeOptions } from '../src/index.js';
import { callable } from './callable.js';
import { forumProbe, severable, sharedProbe } from './probe.js';

/** How the bot hears: it asks, or it is called. */
type Hearing = 'polling' | 'webhook';

/** A chat of an emulator for the bot to work in. */
interface Ground {
  readonly name: string;
  readonly kind: ChatSetting['kind'];
  readonly emulator?: TelegramEmulatorOptions;
  /** Unless it is the forum that the emulator begins with. */
  readonly chat?: NewChat;
}

/** Every kind of chat that the settings know, in each of its forms. */
const GROUNDS: { readonly [Kind in ChatSetting['kind']]: readonly (Ground & { readonly kind: Kind })[] } = {
  forum: [{ kind: 'forum', name: 'in a forum' }],
  shared: [
    { kind: 'shared', name: "in a person's chat", chat: { type: 'private', person: { name: 'Ada' } } },
    { kind: 'shared', name: 'in a group', chat: { type: 'group', bot: 'administrator' } },
    {
      kind: 'shared',
      name: 'in a supergroup without topics',
      chat: { type: 'supergroup' },
      emulator: { privacy: false },
    },
  ],
};

const COLUMNS: Readonly<Record<ChatSetting['kind'], string>> = {
  forum: 'topics',
  shared: 'without topics',
};

/** Every way in which the bridge can be set up. */
export const modes: readonly BridgeMode[] = Object.values(GROUNDS)
  .flat()
  .flatMap((ground) => [modeOf(ground, 'polling'), modeOf(ground, 'webhook')]);

function modeOf(ground: Ground, hearing: Hearing): BridgeMode {
  return {
    name: `TelegramBridge ${ground.name}, by ${hearing},`,
    column: `${COLUMNS[ground.kind]}, ${hearing}`,
    mentions: true,
    receipts: true,
    files: { posts: 50 * 1024 * 1024, fetches: 20 * 1024 * 1024, gone: 'BQACAgQAAxkBAAIBgone' },
    ...(ground.kind === 'shared' && { threadless: true }),
    ...(hearing === 'webhook' && { webhook: true, overtaking: true }),
    create: async () => {
      const calls = hearing === 'webhook' ? callable() : undefined;
      const telegram = await TelegramEmulator.start({ ...calls?.emulator, ...ground.emulator });
      const line = severable();
      const chatId = ground.chat && telegram.addChat(ground.chat);
      const options: TelegramBridgeOptions = {
        botToken: telegram.botToken,
        apiRoot: telegram.apiRoot,
        client: { buildUrl: line.buildUrl },
        ...(chatId === undefined ? { forumChatId: telegram.forumChatId } : { chatIds: chatId }),
        ...(calls && { webhook: { url: calls.url } }),
      };
      const probe: PlatformProbe =
        chatId === undefined ? forumProbe(telegram, line) : sharedProbe(telegram, line, chatId);
      const platform = calls
        ? { ...probe, calls: { ...calls.probe, otherNode: () => new TelegramBridge(options) } }
        : probe;
      return { bridge: new TelegramBridge(options), platform };
    },
  };
}
