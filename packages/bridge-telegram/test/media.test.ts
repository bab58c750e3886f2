import { type PhoneMessage, type SentFile, TelegramEmulator } from '@pocketping/emulators';
import { type MediaPlatform, type MediaSample, mediaContract, mediaSamples } from '@pocketping/testing';
import { TelegramBridge } from '../src/index.js';

const { png, jpeg, webp, gif, mp4, webm, mp3, m4a, ogg, pdf, zip, text } = mediaSamples;

/** A moving drawing, which is compressed: what no browser shows. */
const tgs: MediaSample = {
  name: 'sticker.tgs',
  mimeType: 'application/x-tgsticker',
  bytes: Uint8Array.of(0x1f, 0x8b, 8, 0, 0),
};

interface Team extends MediaPlatform {
  send(file: SentFile, caption?: string): PhoneMessage;
  album(files: readonly SentFile[], caption?: string): PhoneMessage[];
}

/** A forum with one topic besides General, which is the conversation's. */
const create = async (): Promise<Team> => {
  const telegram = await TelegramEmulator.start();
  const { botToken, forumChatId, apiRoot } = telegram;
  const ada = telegram.operator({ name: 'Ada' });
  const topic = () => telegram.topics().find(({ id }) => id !== 1)?.id ?? 0;
  const messages = () => telegram.messages(topic());
  return {
    bridge: new TelegramBridge({ botToken, forumChatId, apiRoot }),
    isReady: () => messages().some(({ text }) => text === 'Is anybody there?'),
    posted: async () =>
      messages().flatMap(({ type, file, from }) =>
        file && from.isBot
          ? {
              form: type,
              ...(file.name !== undefined && { name: file.name }),
              bytes: new Uint8Array(telegram.fileBytes(file.id)),
            }
          : [],
      ),
    close: () => telegram.close(),
    send: (file, caption) => ada.sendFile(topic(), file, { caption }),
    album: (files, caption) => ada.sendAlbum(topic(), files, { caption }),
  };
};

/** What Telegram tells no name of has one of its own. */
const named = (sample: MediaSample, name: string): MediaSample => ({ ...sample, name });
const as = (kind: NonNullable<SentFile['kind']>, sample: MediaSample): SentFile => ({ ...sample, kind });

const PHOTO = 'photo.jpg';

mediaContract<Team>({
  name: 'Telegram',
  create,
  team: [
    {
      kind: 'a photo with a caption',
      send: ({ send }) => send(as('photo', jpeg), 'Our shelf'),
      arrives: [['Our shelf', named(jpeg, PHOTO)]],
    },
    {
      kind: 'a photo as a file',
      send: ({ send }) => send(as('document', jpeg)),
      arrives: [['', jpeg]],
    },
    {
      kind: 'a live photo',
      send: ({ send }) => send({ ...as('live_photo', mp4), still: png.bytes }, 'It moved'),
      arrives: [['It moved', named(png, PHOTO)]],
    },
    {
      kind: 'documents with a caption',
      send: ({ album }) =>
        album([as('document', pdf), as('document', zip), as('document', text)], 'All three'),
      arrives: [
        ['All three', pdf],
        ['', zip],
        ['', text],
      ],
    },
    { kind: 'a video', send: ({ send }) => send(as('video', mp4), 'A tour'), arrives: [['A tour', mp4]] },
    { kind: 'an audio file', send: ({ send }) => send(as('audio', mp3)), arrives: [['', mp3]] },
    {
      kind: 'an audio file of another kind',
      send: ({ send }) => send(as('audio', m4a)),
      arrives: [['', m4a]],
    },
    {
      kind: 'a voice message with a caption',
      send: ({ send }) => send(as('voice', ogg), 'Listen'),
      arrives: [['Listen', named(ogg, 'voice.ogg')]],
    },
    {
      kind: 'a video message',
      send: ({ send }) => send(as('video_note', mp4)),
      arrives: [['', named(mp4, 'video.mp4')]],
    },
    { kind: 'a GIF', send: ({ send }) => send(as('animation', gif), 'Hi'), arrives: [['Hi', gif]] },
    {
      kind: 'an animation that Telegram has made a film of',
      send: ({ send }) => send(as('animation', named(mp4, 'wave.gif.mp4'))),
      arrives: [['', named(mp4, 'wave.gif.mp4')]],
    },
    {
      kind: 'a sticker',
      send: ({ send }) => send(as('sticker', webp)),
      arrives: [['', named(webp, 'sticker.webp')]],
    },
    {
      kind: 'a sticker that is a film',
      send: ({ send }) => send(as('sticker', webm)),
      arrives: [['', named(webm, 'sticker.webm')]],
    },
    {
      kind: 'a sticker that is a moving drawing, of which it is what stands still',
      send: ({ send }) => send({ ...as('sticker', tgs), still: webp.bytes }),
      arrives: [['', named(webp, 'sticker.webp')]],
    },
    {
      kind: 'an album of photos and videos',
      send: ({ album }) =>
        album([as('photo', jpeg), as('video', mp4), as('photo', png), as('photo', webp)], 'The house'),
      arrives: [
        ['The house', named(jpeg, PHOTO)],
        ['', mp4],
        ['', named(png, PHOTO)],
        ['', named(webp, PHOTO)],
      ],
    },
    {
      kind: 'an album of ten',
      send: ({ album }) => album(Array.from({ length: 10 }, (_, n) => as('audio', named(mp3, `${n}.mp3`)))),
      arrives: Array.from({ length: 10 }, (_, n) => ['', named(mp3, `${n}.mp3`)] as const),
    },
  ],
  visitor: {
    png: 'photo',
    jpeg: 'photo',
    webp: 'photo',
    gif: 'animation',
    mp4: 'document',
    webm: 'document',
    mp3: 'document',
    m4a: 'document',
    ogg: 'document',
    pdf: 'document',
    zip: 'document',
    text: 'document',
  },
});
