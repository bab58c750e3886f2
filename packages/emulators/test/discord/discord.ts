import { Client, GatewayIntentBits } from 'discord.js';
import { afterEach } from 'vitest';
import { DiscordEmulator, type DiscordEmulatorOptions } from '../../src/index.js';

const running: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of running.splice(0).reverse()) await end();
});

/** Ends something with the test. */
export const atEnd = (end: () => Promise<unknown>): void => {
  running.push(end);
};

/** The API, as a client of it would ask. */
const asking = (discord: DiscordEmulator) => (method: string, path: string, body?: object) =>
  fetch(`${discord.apiRoot}/v10${path}`, {
    method,
    headers: { authorization: `Bot ${discord.botToken}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });

/** An emulator that ends with the test, and its API. */
export const startDiscord = async (options: DiscordEmulatorOptions = {}) => {
  const discord = await DiscordEmulator.start(options);
  atEnd(() => discord.close());
  return { discord, ask: asking(discord) };
};

/** The real client, connected. */
export const connected = async (options: DiscordEmulatorOptions = {}) => {
  const discord = await DiscordEmulator.start(options);
  running.push(() => discord.close());
  const client = new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.MessageContent,
      GatewayIntentBits.GuildMessageTyping,
    ],
    rest: { api: discord.apiRoot, retries: 0 },
  });
  running.push(() => client.destroy());
  const ready = new Promise((resolve) => client.once('clientReady', resolve));
  await client.login(discord.botToken);
  await ready;
  return { discord, client };
};
