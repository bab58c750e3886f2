import { SlackEmulator } from '@pocketping/emulators';
import type { BridgeMode } from '@pocketping/testing';
import { SlackBridge, type SlackBridgeOptions } from '../src/index.js';
import { FILE_BYTES } from '../src/limits.js';
import type { Ear, Settings } from '../src/settings.js';
import { callable, OFTEN } from './callable.js';
import { channelProbe, severable, webhookProbe } from './probe.js';

/** A bridge to the emulator's channel, and a twin of it on another node. */
const bridgeTo = (slack: SlackEmulator, options: SlackBridgeOptions) => {
  const line = severable();
  const make = () => {
    const { botToken, channelId, apiUrl } = slack;
    return new SlackBridge({ botToken, channelId, apiUrl, fetch: line.fetch, ...options });
  };
  return { bridge: make(), otherNode: make, line };
};

/** What a bot can, whichever way it hears. */
const BOT = {
  quotes: true,
  lacks: ['typing'],
  mentions: true,
  receipts: true,
  catchUp: true,
  overtaking: 'deletions too',
  files: { posts: FILE_BYTES, gone: 'F0000000000' },
} as const satisfies Partial<BridgeMode>;

/** A bot by its ear, and what is no bot. */
type Mode = Ear['kind'] | Exclude<Settings['kind'], 'bot'>;

/** Every way that the settings know. */
const MODES: Readonly<Record<Mode, BridgeMode>> = {
  events: {
    name: 'SlackBridge by the Events API',
    column: 'Events API',
    webhook: 'signed',
    ...BOT,
    create: async () => {
      const calls = callable();
      const slack = await SlackEmulator.start(calls.emulator);
      const { bridge, otherNode, line } = bridgeTo(slack, { signingSecret: slack.signingSecret });
      return { bridge, platform: { ...channelProbe(slack, line), calls: { ...calls.probe, otherNode } } };
    },
  },
  socket: {
    name: 'SlackBridge in Socket Mode',
    column: 'Socket Mode',
    ...BOT,
    create: async () => {
      const slack = await SlackEmulator.start({ eventRetriesMs: OFTEN });
      const { bridge, line } = bridgeTo(slack, { appToken: slack.appToken });
      return { bridge, platform: channelProbe(slack, line) };
    },
  },
  webhook: {
    name: 'SlackBridge through an incoming webhook',
    column: 'incoming webhook',
    threadless: true,
    sendOnly: true,
    lacks: ['editing', 'typing'],
    create: async () => {
      const slack = await SlackEmulator.start();
      const line = severable();
      const bridge = new SlackBridge({ webhookUrl: slack.webhookUrl, fetch: line.fetch });
      return { bridge, platform: webhookProbe(slack, line) };
    },
  },
};

/** Every way in which the bridge can be set up. */
export const modes: readonly BridgeMode[] = Object.values(MODES);
