import { DiscordBridge } from '@pocketping/bridge-discord';
import { SlackBridge } from '@pocketping/bridge-slack';
import { TelegramBridge } from '@pocketping/bridge-telegram';
import { LocalBroker, MemoryStorage, type PocketPing } from '@pocketping/core';
import {
  DiscordEmulator,
  SlackEmulator,
  type SlackEmulatorOptions,
  TelegramEmulator,
  type TelegramEmulatorOptions,
} from '@pocketping/emulators';
import { recordingLogger } from '@pocketping/testing';
import { until } from '../until.js';
import { Mail } from './mail.js';
import { type HouseNode, openPort, startNode } from './node.js';
import { seenEverywhere } from './seen.js';

export interface WorldOptions {
  /** By long poll unless told. */
  readonly telegram?: 'poll' | 'webhook';
  /** In Socket Mode unless told. */
  readonly slack?: 'socket' | 'events';
  /** Engines over the same storage; the first one has the bridges started. One unless told. */
  readonly nodes?: number;
  /** How the bot reaches Telegram. */
  readonly telegramFetch?: typeof fetch;
  readonly telegramOptions?: TelegramEmulatorOptions;
  readonly slackOptions?: SlackEmulatorOptions;
}

export type Platform = 'telegram' | 'slack' | 'discord';

/** What a platform calls goes to its last node, which stands by where there are several. */
const webhook = (port: number, bridge: Platform): string =>
  `http://127.0.0.1:${port}/pocketping/webhooks/${bridge}`;

/** The platforms' own limits would stretch a trial. */
const pacing = {};

/** One conversation in three platforms at once, in which a visitor and each of the three teams have spoken already. */
export const openWorld = async (options: WorldOptions = {}) => {
  const storage = new MemoryStorage({});
  // The node that has a bridge is told at once of what another one took.
  const broker = new LocalBroker({ logger: recordingLogger() });
  const ports = await Promise.all(Array.from({ length: options.nodes ?? 1 }, openPort));
  const called = (ports.at(-1) as (typeof ports)[number]).port;
  const mail = new Mail();
  const byEvents = options.slack === 'events';
  const [telegram, slack, discord] = await Promise.all([
    TelegramEmulator.start({ webhookFetch: mail.fetch, webhookRetryMs: 20, ...options.telegramOptions }),
    SlackEmulator.start({
      eventFetch: mail.fetch,
      eventRetriesMs: OFTEN,
      ...(byEvents && { requestUrl: webhook(called, 'slack') }),
      ...options.slackOptions,
    }),
    DiscordEmulator.start(),
  ]);
  const bridges = () => [
    new TelegramBridge({
      botToken: telegram.botToken,
      forumChatId: telegram.forumChatId,
      apiRoot: telegram.apiRoot,
      pacing,
      ...(options.telegramFetch && { client: { fetch: options.telegramFetch } }),
      ...(options.telegram === 'webhook' && {
        webhook: { url: webhook(called, 'telegram'), secret: SECRET },
      }),
    }),
    new SlackBridge({
      botToken: slack.botToken,
      channelId: slack.channelId,
      apiUrl: slack.apiUrl,
      pacing,
      ...(byEvents ? { signingSecret: slack.signingSecret } : { appToken: slack.appToken }),
    }),
    new DiscordBridge({
      botToken: discord.botToken,
      channelId: discord.channelId,
      apiRoot: discord.apiRoot,
      pacing,
    }),
  ];
  const nodes: HouseNode[] = [];
  for (const port of ports) nodes.push(await startNode(port, bridges(), { storage, broker }));
  const { pp } = nodes[0] as HouseNode;
  const visitor = await arrived(pp);
  const places = await placesOf(telegram, slack, discord);
  const teams = {
    telegram: telegram.operator({ name: 'Ada' }),
    slack: slack.operator({ name: 'Ada' }),
    discord: discord.operator('Ada'),
  };
  /** Somebody of a team writes in the visitor's thread. @returns the platform's id of it */
  const say = (platform: Platform, words: string): string => {
    if (platform === 'telegram') return String(teams.telegram.type(places.topicId, words).id);
    if (platform === 'slack') return teams.slack.type(places.threadTs, words).ts;
    return teams.discord.type(places.threadId, words).id;
  };
  const change = (platform: Platform, id: string, words: string): void => {
    if (platform === 'telegram') teams.telegram.edit(Number(id), words);
    else if (platform === 'slack') teams.slack.edit(id, words);
    else teams.discord.edit(id, words);
  };
  const seen = seenEverywhere({ storage, pp, visitor, telegram, slack, discord, places });
  for (const platform of ['telegram', 'slack', 'discord'] as const) {
    say(platform, `here, in ${platform}`);
    await seen.arrival(`here, in ${platform}`);
  }
  return {
    ...{ storage, nodes, pp, visitor, mail, telegram, slack, discord, places, teams, say, change, ...seen },
    close: async () => {
      await Promise.all(nodes.map((node) => node.close()));
      await Promise.all([telegram.close(), slack.close(), discord.close()]);
    },
  };
};

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Between Telegram and the house. */
export const SECRET = 'between-the-platform-and-us';

/** Attempts at an event, in quick succession. */
const OFTEN: readonly number[] = Array.from({ length: 200 }, () => 30);

/** A visitor who has said hello. */
const arrived = async ({ conversation }: PocketPing) => {
  const { session, token } = await conversation.connect({ visitorId: 'anna' }, {});
  const actor = await conversation.authenticate(token as string);
  const say = (content: string) => conversation.send(actor, { sessionId: session.id, content });
  await say('hello');
  return { sessionId: session.id, say };
};

/** Where the conversation stands on each platform. */
const placesOf = async (telegram: TelegramEmulator, slack: SlackEmulator, discord: DiscordEmulator) => {
  const { topicId } = await telegram.waitForMessage(({ text }) => text === 'hello');
  await slack.waitForMessage(({ text }) => text === 'hello');
  const { channelId } = await discord.waitForMessage(({ text }) => text === 'hello');
  const [parent] = slack.messages();
  await until(async () => parent !== undefined, 'the thread in Slack');
  return { topicId, threadTs: parent?.ts as string, threadId: channelId };
};
