import { describe, expect, it } from 'vitest';
import { startDiscord } from './discord.js';

const act = (phoneUrl: string, name: string, input: object, headers: Record<string, string> = {}) =>
  fetch(`${phoneUrl}/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(input),
  });

interface Topic {
  readonly id: number;
  readonly title: string;
  readonly closed: boolean;
  readonly unread: number;
}

const topicsOn = async (phoneUrl: string): Promise<Topic[]> =>
  ((await (await fetch(`${phoneUrl}/topics`)).json()) as { topics: Topic[] }).topics;

describe('the phone with Discord on it', () => {
  it('is served as a page that looks like Discord', async () => {
    const { discord } = await startDiscord();
    const page = await fetch(discord.phoneUrl);
    expect(await page.text()).toContain('<html data-platform="discord"');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('does what a person does: writes, answers, edits, deletes, archives', async () => {
    const { discord } = await startDiscord();
    const { phoneUrl } = discord;
    const thread = discord.operator('Bob').createThread(discord.channelId, 'Ada · /pricing');
    const asked = discord.operator('Bob').type(thread.id, 'Anybody?');
    const topic = (await topicsOn(phoneUrl)).find(({ title }) => title === 'Ada · /pricing') as Topic;
    expect(topic).toMatchObject({ closed: false, unread: 1 });
    await act(phoneUrl, 'read', { topicId: topic.id });
    expect((await topicsOn(phoneUrl)).at(-1)).toMatchObject({ unread: 0 });

    const { messages } = (await (await fetch(`${phoneUrl}/messages?topic=${topic.id}`)).json()) as {
      messages: { id: number }[];
    };
    const typed = { topicId: topic.id, text: 'I am', replyTo: messages[0]?.id };
    expect((await act(phoneUrl, 'type', typed)).status).toBe(200);
    expect(discord.messages(thread.id).at(-1)).toMatchObject({ text: 'I am', replyTo: { id: asked.id } });
    const listed = (await (
      await fetch(`${phoneUrl}/messages?topic=${topic.id}`)
    ).json()) as typeof messages & {
      messages: { id: number }[];
    };
    const own = listed.messages.at(-1)?.id;
    await act(phoneUrl, 'edit', { messageId: own, text: 'I am here' });
    expect(discord.messages(thread.id).at(-1)).toMatchObject({ text: 'I am here', edited: true });
    await act(phoneUrl, 'delete', { messageId: own });
    expect(discord.messages(thread.id)).toHaveLength(1);
    await act(phoneUrl, 'close', { topicId: topic.id });
    expect(discord.thread(thread.id)?.archived).toBe(true);
    await act(phoneUrl, 'delete-topic', { topicId: topic.id });
    expect(discord.threads()).toEqual([]);
  });

  it('says why something cannot be done', async () => {
    const { discord } = await startDiscord();
    expect((await act(discord.phoneUrl, 'dance', {})).status).toBe(404);
    const refused = await act(discord.phoneUrl, 'type', { topicId: 1, text: ' ' });
    expect([refused.status, await refused.json()]).toEqual([400, { error: 'a message needs a text' }]);
    const foreign = await act(
      discord.phoneUrl,
      'type',
      { topicId: 1, text: 'x' },
      { origin: 'https://evil.example' },
    );
    expect(foreign.status).toBe(403);
    expect(discord.messages(discord.channelId)).toEqual([]);
  });
});
