import { InputFile } from 'grammy';
import { describe, expect, it } from 'vitest';
import { refusalOf, startTelegram } from './telegram.js';

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 7) % 256);

/** The beginning of a PNG, which says how large its picture is. */
const png = (width: number, height: number): Uint8Array => {
  const begin = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  return Buffer.concat([begin, size]);
};

const started = async () => {
  const { telegram, api, chat } = await startTelegram();
  const { message_thread_id: topic } = await api.createForumTopic(chat, 'Ada');
  return { telegram, api, chat, topic, at: { message_thread_id: topic } };
};

const download = (telegram: { apiRoot: string; botToken: string }, path: string | undefined) =>
  fetch(`${telegram.apiRoot}/file/bot${telegram.botToken}/${path}`);

describe('a file that the bot sends', () => {
  it('is a message with its bytes, its name and its caption', async () => {
    const { telegram, api, chat, topic, at } = await started();
    const content = new Uint8Array([...bytes(3000), ...Buffer.from('\r\n--boundary--\r\n')]);
    const sent = await api.sendDocument(chat, new InputFile(content, 'report.pdf'), {
      ...at,
      caption: '<b>Here</b> you are',
      parse_mode: 'HTML',
    });
    expect(sent).toMatchObject({
      caption: 'Here you are',
      caption_entities: [{ type: 'bold', offset: 0, length: 4 }],
      document: { file_name: 'report.pdf', mime_type: 'application/pdf', file_size: content.length },
      message_thread_id: topic,
    });
    const [, shown] = telegram.messages(topic);
    expect(shown).toMatchObject({ type: 'document', text: 'Here you are', file: { name: 'report.pdf' } });
    expect(telegram.fileBytes(shown?.file?.id ?? '')).toEqual(Buffer.from(content));
    const { file_path } = await api.getFile(sent.document.file_id);
    const fetched = await download(telegram, file_path);
    expect(new Uint8Array(await fetched.arrayBuffer())).toEqual(content);
  });

  it('is a photo in several sizes', async () => {
    const { api, chat, at } = await started();
    const { photo } = await api.sendPhoto(chat, new InputFile(png(1200, 600)), at);
    expect(photo.map(({ width, height }) => [width, height])).toEqual([
      [90, 45],
      [1200, 600],
    ]);
  });

  it.each(['video', 'audio', 'voice', 'animation'] as const)('is a message with its %s', async (kind) => {
    const { api, chat, at } = await started();
    const method = {
      video: 'sendVideo',
      audio: 'sendAudio',
      voice: 'sendVoice',
      animation: 'sendAnimation',
    } as const;
    const sent = await api[method[kind]](chat, new InputFile(bytes(10), 'a.bin'), at);
    expect(sent).toMatchObject({ [kind]: { file_size: 10, duration: 1 } });
  });

  it('can be sent again by its id, and answers a message', async () => {
    const { api, chat, topic, at } = await started();
    const question = await api.sendMessage(chat, 'What is it?', at);
    const first = await api.sendDocument(chat, new InputFile(bytes(9), 'a.txt'), at);
    const again = await api.sendDocument(chat, first.document.file_id, {
      reply_parameters: { message_id: question.message_id },
    });
    expect(again).toMatchObject({ document: { file_size: 9 }, message_thread_id: topic });
    expect(again.reply_to_message?.message_id).toBe(question.message_id);
  });

  it('has a caption that can be edited, of 1024 characters at most', async () => {
    const { telegram, api, chat, at } = await started();
    const { message_id } = await api.sendDocument(chat, new InputFile(bytes(9), 'a.txt'), {
      ...at,
      caption: 'x'.repeat(1024),
    });
    await api.editMessageCaption(chat, message_id, { caption: 'y' });
    expect(telegram.message(message_id)).toMatchObject({ text: 'y', edited: true });
    const refused = await refusalOf(
      api.sendDocument(chat, new InputFile(bytes(9), 'a.txt'), { ...at, caption: 'x'.repeat(1025) }),
    );
    expect(refused.description).toBe('Bad Request: message caption is too long');
    expect((await refusalOf(api.editMessageText(chat, message_id, 'z'))).description).toMatch(/no text/);
  });

  it.each([
    [png(9000, 1001), /PHOTO_INVALID_DIMENSIONS/],
    [png(2100, 100), /PHOTO_INVALID_DIMENSIONS/],
    [bytes(100), /IMAGE_PROCESS_FAILED/],
    [new Uint8Array(10 * 1024 * 1024 + 1), /too big for a photo; the maximum size is 10485760 bytes/],
    [new Uint8Array(), /file must be non-empty/],
  ])('is refused where it cannot be a photo (%#)', async (content, why) => {
    const { telegram, api, chat, topic, at } = await started();
    expect((await refusalOf(api.sendPhoto(chat, new InputFile(content), at))).description).toMatch(why);
    expect(telegram.messages(topic)).toHaveLength(1);
  });

  it('is refused above 50 MB', async () => {
    const { api, chat, at } = await started();
    const refused = await refusalOf(
      api.sendDocument(chat, new InputFile(new Uint8Array(50 * 1024 * 1024 + 1), 'a'), at),
    );
    expect(refused.error_code).toBe(413);
  });

  it('meets the same faults as everything else, also while it is fetched', async () => {
    const { telegram, api, chat, topic, at } = await started();
    telegram.fault({ kind: 'rate_limit', method: ['sendPhoto', 'sendDocument'], retryAfter: 3 });
    const file = () => new InputFile(bytes(9), 'a.txt');
    expect((await refusalOf(api.sendDocument(chat, file(), at))).parameters.retry_after).toBe(3);
    telegram.fault({ kind: 'timeout_after', method: 'sendDocument', delayMs: 5 });
    await expect(api.sendDocument(chat, file(), at)).rejects.toThrow(/Network request/);
    const [, sent, ...others] = telegram.messages(topic);
    expect(others).toEqual([]);
    const { file_path } = await api.getFile(sent?.file?.id ?? '');
    telegram.fault({ kind: 'broken_body', method: 'download', delayMs: 5 });
    await expect(download(telegram, file_path).then((answer) => answer.arrayBuffer())).rejects.toThrow();
    telegram.fault({ kind: 'server_error', method: 'download' });
    expect((await download(telegram, file_path)).status).toBe(500);
    expect((await download(telegram, file_path)).status).toBe(200);
  });

  it('has no effect where its body broke off', async () => {
    const { telegram, api, chat, topic, at } = await started();
    const broken = new InputFile(
      (async function* () {
        yield bytes(1000);
        throw new Error('the disk is gone');
      })(),
      'a.txt',
    );
    await expect(api.sendDocument(chat, broken, at)).rejects.toThrow();
    await api.sendMessage(chat, 'next', at);
    expect(telegram.messages(topic).map(({ text }) => text)).toEqual([expect.any(String), 'next']);
  });
});

describe('a file that a person sends', () => {
  it.each([
    ['image/jpeg', 'photo'],
    ['image/gif', 'animation'],
    ['video/mp4', 'video'],
    ['audio/mpeg', 'audio'],
    ['application/pdf', 'document'],
  ] as const)('of the type %s is told to the bot as %s', async (mimeType, kind) => {
    const { telegram, api, topic } = await started();
    telegram
      .operator({ name: 'Bob' })
      .sendFile(topic, { name: 'a', mimeType, bytes: bytes(9) }, { caption: 'see' });
    const message = (await api.getUpdates()).at(-1)?.message;
    expect(message).toMatchObject({ caption: 'see', message_thread_id: topic });
    expect(message?.[kind]).toBeDefined();
  });

  it.each(['voice', 'video_note', 'sticker'] as const)('may be a %s', async (kind) => {
    const { telegram, api, topic } = await started();
    telegram.operator({ name: 'Bob' }).sendFile(topic, { kind, bytes: bytes(9) });
    const message = (await api.getUpdates()).at(-1)?.message;
    expect(message?.[kind]).toMatchObject({ file_size: 9 });
    expect(message?.[kind]).not.toHaveProperty('file_name');
  });

  it('may be one of an album, whose words stand below the first', async () => {
    const { telegram, api, topic } = await started();
    const file = { mimeType: 'image/png', bytes: png(10, 10) };
    telegram.operator({ name: 'Bob' }).sendAlbum(topic, [file, file], { caption: 'both' });
    const told = (await api.getUpdates()).flatMap(({ message }) => (message?.photo ? message : []));
    expect(told.map(({ caption }) => caption)).toEqual(['both', undefined]);
    expect(told[0]?.media_group_id).toBeDefined();
    expect(told[0]?.media_group_id).toBe(told[1]?.media_group_id);
  });

  it('is not handed to a bot above 20 MB, nor one that is not there', async () => {
    const { telegram, api, topic } = await started();
    const sent = telegram
      .operator({ name: 'Bob' })
      .sendFile(topic, { name: 'a.zip', bytes: new Uint8Array(20 * 1024 * 1024 + 1) });
    const refused = await refusalOf(api.getFile(sent.file?.id ?? ''));
    expect(refused).toMatchObject({ error_code: 400, description: 'Bad Request: file is too big' });
    expect((await refusalOf(api.getFile('nothing'))).description).toMatch(/wrong file_id/);
    expect((await download(telegram, 'photos/file_99.jpg')).status).toBe(404);
    expect((await download({ ...telegram, apiRoot: telegram.apiRoot, botToken: '1:no' }, 'a')).status).toBe(
      401,
    );
  });
});
