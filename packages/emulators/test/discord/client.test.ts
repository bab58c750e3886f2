import { Client, type Message, type TextChannel, type ThreadChannel } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { atEnd, connected, startDiscord } from './discord.js';

const heard = (client: Client): Promise<Message> =>
  new Promise((resolve) => client.once('messageCreate', resolve));

describe('discord.js, unchanged, with the emulator', () => {
  it('connects, knows the channel and what it may do there', async () => {
    const { discord, client } = await connected();
    const channel = client.channels.cache.get(discord.channelId) as TextChannel;
    expect(client.user?.username).toBe('pocketping');
    expect(channel.name).toBe('support');
    const permissions = channel.permissionsFor(client.user?.id as string);
    expect(permissions?.has(['ViewChannel', 'SendMessagesInThreads', 'CreatePublicThreads'])).toBe(true);
    expect(permissions?.has('ManageThreads')).toBe(false);
  });

  it('starts a thread, hears what people write in it, and answers natively', async () => {
    const { discord, client } = await connected();
    const channel = client.channels.cache.get(discord.channelId) as TextChannel;
    const thread = (await channel.threads.create({ name: 'Ada · /pricing' })) as ThreadChannel;
    const hearing = heard(client);
    const written = discord.operator('Bob').type(thread.id, 'Hello **there**');
    const message = await hearing;
    expect(message).toMatchObject({ id: written.id, content: 'Hello **there**', channelId: thread.id });
    expect(message.author.bot).toBe(false);
    await message.reply({ content: '\\*literally\\*', allowedMentions: { parse: [] } });
    expect(discord.messages(thread.id).at(-1)).toMatchObject({
      text: '*literally*',
      from: { name: 'PocketPing', isBot: true },
      replyTo: { id: written.id, from: 'Bob', text: 'Hello there' },
    });
  });

  it('posts once with the same enforced nonce', async () => {
    const { discord, client } = await connected();
    const channel = client.channels.cache.get(discord.channelId) as TextChannel;
    const first = await channel.send({ content: 'once', nonce: 'n-1', enforceNonce: true });
    const again = await channel.send({ content: 'once', nonce: 'n-1', enforceNonce: true });
    expect(again.id).toBe(first.id);
    expect(discord.messages(discord.channelId)).toHaveLength(1);
  });

  it('resumes a dropped connection without missing anything', async () => {
    const { discord, client } = await connected();
    const contents: string[] = [];
    client.on('messageCreate', ({ content }) => contents.push(content));
    const resumed = new Promise((resolve) => client.once('shardResume', resolve));
    discord.gateway.drop();
    discord.operator('Bob').type(discord.channelId, 'while you were away');
    await resumed;
    await expect.poll(() => contents).toEqual(['while you were away']);
    expect(discord.gateway).toMatchObject({ identified: 1, resumed: 1, connected: 1 });
  });

  it('refuses an application without the content of messages', async () => {
    const { discord } = await startDiscord();
    discord.setMessageContent(false);
    const client = new Client({ intents: ['Guilds', 'MessageContent'], rest: { api: discord.apiRoot } });
    atEnd(() => client.destroy());
    await expect(client.login(discord.botToken)).rejects.toThrow('Used disallowed intents');
  });
});
