import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { DiscordEmulator, SlackEmulator, TelegramEmulator } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'written-'));
afterAll(() => rmSync(folder, { recursive: true }));

const JSON_TYPE = { 'content-type': 'application/json' };

/** What a bot posts on each platform. */
const POSTS = {
  telegram: async (file: string, text: string) => {
    const telegram = await TelegramEmulator.start({ file });
    onTestFinished(() => telegram.close());
    const body = JSON.stringify({ chat_id: telegram.forumChatId, text });
    const url = `${telegram.apiRoot}/bot${telegram.botToken}/sendMessage`;
    return fetch(url, { method: 'POST', headers: JSON_TYPE, body });
  },
  discord: async (file: string, content: string) => {
    const discord = await DiscordEmulator.start({ file });
    onTestFinished(() => discord.close());
    const headers = { ...JSON_TYPE, authorization: `Bot ${discord.botToken}` };
    const url = `${discord.apiRoot}/v10/channels/${discord.channelId}/messages`;
    return fetch(url, { method: 'POST', headers, body: JSON.stringify({ content }) });
  },
  slack: async (file: string, text: string) => {
    const slack = await SlackEmulator.start({ file });
    onTestFinished(() => slack.close());
    const headers = { ...JSON_TYPE, authorization: `Bearer ${slack.botToken}` };
    const body = JSON.stringify({ channel: slack.channelId, text });
    return fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', headers, body });
  },
};

it.each(Object.keys(POSTS) as (keyof typeof POSTS)[])(
  'what %s says that it has posted is in its file by then, so that no kill undoes it',
  async (platform) => {
    const file = join(folder, `${platform}.json`);
    const answer = await POSTS[platform](file, 'for good');
    expect(answer.status).toBe(200);
    expect(readFileSync(file, 'utf8')).toContain('for good');
  },
);
