import { afterEach, describe, expect, it } from 'vitest';
import { DiscordEmulator, SlackEmulator, TelegramEmulator } from '../src/index.js';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});
const started = async <Emulator extends { close(): Promise<void> }>(
  starting: Promise<Emulator>,
): Promise<Emulator> => {
  const emulator = await starting;
  running.push(emulator);
  return emulator;
};

const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text));

describe('on Telegram', () => {
  const told = async (send: (telegram: TelegramEmulator) => unknown) => {
    const telegram = await started(TelegramEmulator.start());
    send(telegram);
    return { telegram, message: telegram.updates().at(-1)?.message };
  };

  it('a live photo is a film and a photo, and the photo is also there as such', async () => {
    const { telegram, message } = await told((it) =>
      it.operator({ name: 'Ada' }).sendFile(1, {
        kind: 'live_photo',
        mimeType: 'video/mp4',
        bytes: bytes('film'),
        still: bytes('still'),
      }),
    );
    expect(message?.live_photo).toMatchObject({
      file_size: 4,
      mime_type: 'video/mp4',
      duration: 1,
      width: expect.any(Number),
      height: expect.any(Number),
    });
    expect(message?.live_photo?.photo).toEqual(message?.photo);
    const photo = message?.photo?.at(-1)?.file_id ?? '';
    expect(Buffer.from(telegram.fileBytes(photo)).toString()).toBe('still');
    expect(Buffer.from(telegram.fileBytes(message?.live_photo?.file_id ?? '')).toString()).toBe('film');
  });

  it.each([
    ['image/webp', false, false],
    ['application/x-tgsticker', true, false],
    ['video/webm', false, true],
  ])('a sticker of %s says how it moves', async (mimeType, is_animated, is_video) => {
    const { message } = await told((it) =>
      it.operator({ name: 'Ada' }).sendFile(1, { kind: 'sticker', mimeType, bytes: bytes('sticker') }),
    );
    expect(message?.sticker).toMatchObject({ type: 'regular', is_animated, is_video });
    expect(message?.sticker?.thumbnail !== undefined).toBe(is_animated || is_video);
    expect(message?.sticker).not.toHaveProperty('mime_type');
  });
});

it('on Discord a voice message says so, how long it is and how loud', async () => {
  const discord = await started(DiscordEmulator.start());
  const { id } = discord.operator('Ada').sendVoice(discord.channelId, bytes('OggS'));
  const path = `${discord.apiRoot}/v10/channels/${discord.channelId}/messages/${id}`;
  const answer = await fetch(path, { headers: { authorization: `Bot ${discord.botToken}` } });
  expect(await answer.json()).toMatchObject({
    content: '',
    flags: 8192,
    attachments: [
      {
        filename: 'voice-message.ogg',
        content_type: 'audio/ogg',
        duration_secs: 1,
        waveform: expect.any(String),
      },
    ],
  });
});

it.each(['audio', 'video'] as const)('on Slack a clip says that it is one: %s', async (clip) => {
  const slack = await started(SlackEmulator.start());
  const ada = slack.operator({ name: 'Ada' });
  const { ts } = ada.say('hello');
  const [file] = ada.shareFiles(ts, [{ name: 'clip.webm', bytes: bytes('clip') }], '', { clip }).files;
  const answer = await fetch(`${slack.apiUrl}files.info?file=${file?.id}`, {
    headers: { authorization: `Bearer ${slack.botToken}` },
  });
  expect(await answer.json()).toMatchObject({
    ok: true,
    file: { subtype: `slack_${clip}`, media_display_type: clip, duration_ms: 1000 },
  });
});

/** What a phone's page sends: files one after another, and what they are. */
const post = async (url: string, input: Record<string, string>, files: readonly [object, string][]) => {
  const list = files.map(([about, content]) => ({ ...about, size: content.length }));
  const query = new URLSearchParams({ ...input, files: JSON.stringify(list) });
  const body = files.map(([, content]) => content).join('');
  const headers = { 'content-type': 'application/octet-stream' };
  return fetch(`${url}/file?${query}`, { method: 'POST', headers, body });
};

describe('a phone sends several files at once', () => {
  const two: [object, string][] = [
    [{ name: 'a.txt', type: 'text/plain' }, 'first'],
    [{ name: 'b.pdf', type: 'application/pdf' }, 'second one'],
  ];

  it('which are an album on Telegram', async () => {
    const telegram = await started(TelegramEmulator.start());
    const answer = await post(telegram.phoneUrl, { topicId: '1', caption: 'Both' }, two);
    expect(answer.status).toBe(200);
    const sent = telegram.messages(1).filter(({ file }) => file);
    expect(sent.map(({ file, text }) => [file?.name, file?.size, text])).toEqual([
      ['a.txt', 5, 'Both'],
      ['b.pdf', 10, ''],
    ]);
    expect(sent[0]?.file?.groupId).toBe(sent[1]?.file?.groupId);
    expect(Buffer.from(telegram.fileBytes(sent[1]?.file?.id ?? '')).toString()).toBe('second one');
  });

  it('which are one message on Discord and on Slack', async () => {
    const discord = await started(DiscordEmulator.start());
    expect((await post(discord.phoneUrl, { topicId: '1' }, two)).status).toBe(200);
    expect(
      discord
        .messages(discord.channelId)
        .at(-1)
        ?.files.map(({ name }) => name),
    ).toEqual(['a.txt', 'b.pdf']);
    const slack = await started(SlackEmulator.start());
    const { ts } = slack.operator({ name: 'Ada' }).say('hello');
    expect((await post(slack.phoneUrl, { threadTs: ts }, two)).status).toBe(200);
    expect(
      slack
        .thread(ts)
        .at(-1)
        ?.files.map(({ name }) => name),
    ).toEqual(['a.txt', 'b.pdf']);
  });

  it.each([
    ['is no list', 'x'],
    ['is empty', '[]'],
    ['is of more bytes than came', '[{"name":"a.txt","size":6}]'],
    ['leaves bytes over', '[{"name":"a.txt","size":4}]'],
  ])('unless what it says of them %s', async (_, files) => {
    const telegram = await started(TelegramEmulator.start());
    const query = new URLSearchParams({ topicId: '1', files });
    const headers = { 'content-type': 'application/octet-stream' };
    const answer = await fetch(`${telegram.phoneUrl}/file?${query}`, {
      method: 'POST',
      headers,
      body: 'first',
    });
    expect(answer.status).toBe(400);
    expect(telegram.messages(1).filter(({ file }) => file)).toEqual([]);
  });

  it('as what it says, where that exists', async () => {
    const telegram = await started(TelegramEmulator.start());
    const voice = (kind: string) => post(telegram.phoneUrl, { topicId: '1' }, [[{ kind }, 'OggS']]);
    expect((await voice('voice')).status).toBe(200);
    expect(telegram.messages(1).at(-1)?.type).toBe('voice');
    expect((await voice('hologram')).status).toBe(400);
  });
});
