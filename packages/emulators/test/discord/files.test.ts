import { describe, expect, it } from 'vitest';
import { connected, startDiscord } from './discord.js';

const bytes = new TextEncoder().encode('%PDF…');

const form = (payload: object, ...files: readonly File[]): FormData => {
  const body = new FormData();
  body.append('payload_json', JSON.stringify(payload));
  for (const [at, file] of files.entries()) body.append(`files[${at}]`, file);
  return body;
};

const started = async () => {
  const { discord } = await startDiscord();
  const post = (body: FormData, url = `${discord.apiRoot}/v10/channels/${discord.channelId}/messages`) =>
    fetch(url, { method: 'POST', headers: { authorization: `Bot ${discord.botToken}` }, body });
  return { discord, post };
};

describe('files in Discord', () => {
  it('are sent with the real client, and fetched from their address', async () => {
    const { discord, client } = await connected();
    const channel = await client.channels.fetch(discord.channelId);
    if (!channel?.isSendable()) throw new Error('the channel takes messages');
    const attachment = Buffer.from(bytes);
    const sent = await channel.send({ files: [{ attachment, name: 'größe 2.pdf' }] });
    const file = sent.attachments.first();
    expect(file).toMatchObject({ name: 'gre_2.pdf', title: 'größe 2', size: bytes.length });
    expect(Buffer.from(await (await fetch(file?.url as string)).arrayBuffer())).toEqual(attachment);
    const heard = new Promise((resolve) => client.once('messageCreate', resolve));
    discord.operator('Ada').sendFiles(discord.channelId, [
      { name: 'a.png', bytes },
      { name: 'b.pdf', bytes },
    ]);
    expect([...((await heard) as typeof sent).attachments.values()]).toMatchObject([
      { name: 'a.png', contentType: 'image/png' },
      { name: 'b.pdf', contentType: 'application/pdf' },
    ]);
  });

  it('have names and no words of necessity, and appear once for a nonce', async () => {
    const { discord, post } = await started();
    const payload = { nonce: 'n', enforce_nonce: true, attachments: [{ id: 0, filename: 'given.txt' }] };
    const posting = () => post(form(payload, new File([bytes], 'x.txt', { type: 'text/plain' })));
    expect((await posting()).status).toBe(200);
    expect((await posting()).status).toBe(200);
    expect(discord.messages(discord.channelId).map(({ files }) => files)).toMatchObject([
      [{ name: 'given.txt', type: 'text/plain', size: bytes.length }],
    ]);
    expect(discord.calls.at(-1)?.files).toEqual([{ name: 'x.txt', type: 'text/plain', size: bytes.length }]);
  });

  it('come through a webhook', async () => {
    const { discord, post } = await started();
    expect((await post(form({}, new File([bytes], 'x.txt')), discord.addWebhook())).status).toBe(204);
    expect(discord.messages(discord.channelId)).toMatchObject([{ files: [{ name: 'x.txt' }] }]);
  });

  it('are refused when they are too large, are not there, or the bot may not send any', async () => {
    const { discord, post } = await started();
    const large = new File([new Uint8Array(20 * 1024 * 1024 + 1)], 'film.mp4');
    const tooLarge = await post(form({}, large));
    expect([tooLarge.status, await tooLarge.json()]).toMatchObject([413, { code: 40005 }]);
    const stray = await post(form({ attachments: [{ id: 1 }] }, new File([bytes], 'x.txt')));
    expect(await stray.json()).toMatchObject({ code: 50035 });
    discord.deny('ATTACH_FILES');
    expect(await (await post(form({}, new File([bytes], 'x.txt')))).json()).toMatchObject({ code: 50013 });
    expect(discord.messages(discord.channelId)).toEqual([]);
  });

  it('are to be had at signed addresses only, for a day, and until the message is deleted', async () => {
    let now = Date.now();
    const { discord } = await startDiscord({ clock: { now: () => now } });
    const ada = discord.operator('Ada');
    const { id, files } = ada.sendFile(discord.channelId, 'page.html');
    const url = files[0]?.url as string;
    const got = await fetch(url);
    expect(got.status).toBe(200);
    expect(got.headers.get('content-disposition')).toBe('attachment');
    expect(got.headers.get('content-security-policy')).toContain('sandbox');
    expect((await fetch(url.replace(/ex=./, 'ex=f'))).status).toBe(404);
    expect((await fetch(url.replace('page.html', 'x.html'))).status).toBe(404);
    now += 24 * 60 * 60_000 + 1000;
    expect((await fetch(url)).status).toBe(404);
    const fresh = discord.message(id)?.files[0]?.url as string;
    expect((await fetch(fresh)).status).toBe(200);
    ada.delete(id);
    expect((await fetch(fresh)).status).toBe(404);
  });

  it('are struck by faults on their way, too', async () => {
    const { discord } = await startDiscord();
    const url = discord.operator('Ada').sendFile(discord.channelId).files[0]?.url as string;
    discord.fault({ kind: 'server_error', method: 'GET /attachments/{channel}/{attachment}/{filename}' });
    expect((await fetch(url)).status).toBe(500);
    expect((await fetch(url)).status).toBe(200);
  });

  it('are sent from the phone, and from no other page', async () => {
    const { discord } = await startDiscord();
    const send = (headers: Record<string, string>) =>
      fetch(`${discord.phoneUrl}/file?topicId=1&name=a%20b.txt&type=text%2Fplain`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', ...headers },
        body: bytes,
      });
    expect((await send({})).status).toBe(200);
    expect((await send({ 'content-type': 'text/plain' })).status).toBe(415);
    expect((await send({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(discord.messages(discord.channelId)).toMatchObject([{ files: [{ name: 'a b.txt' }] }]);
    const listed = await (await fetch(`${discord.phoneUrl}/messages?topic=1`)).json();
    const [message] = (listed as { messages: { files: { path: string; size: number }[] }[] }).messages;
    const [file] = message?.files ?? [];
    expect(file?.size).toBe(bytes.length);
    expect((await fetch(new URL(file?.path as string, discord.phoneUrl))).status).toBe(200);
  });
});
