import { DiscordEmulator, type SharedFile } from '@pocketping/emulators';
import { type MediaPlatform, type MediaSample, mediaContract, mediaSamples } from '@pocketping/testing';
import { DiscordBridge } from '../src/index.js';

const { png, jpeg, webp, gif, mp4, webm, mp3, m4a, ogg, pdf, zip, text } = mediaSamples;

interface Team extends MediaPlatform {
  send(files: readonly SharedFile[], words?: string): unknown;
  speak(bytes: SharedFile['bytes']): unknown;
}

/** A channel with one thread, which is the conversation's. */
const create = async (): Promise<Team> => {
  const discord = await DiscordEmulator.start();
  const { botToken, channelId, apiRoot } = discord;
  const ada = discord.operator('Ada');
  const thread = () => discord.threads()[0]?.id ?? '';
  const messages = () => (thread() === '' ? [] : discord.messages(thread()));
  return {
    bridge: new DiscordBridge({ botToken, channelId, apiRoot }),
    isReady: () => messages().some(({ text }) => text.includes('Is anybody there?')),
    posted: () =>
      Promise.all(
        messages()
          .filter(({ from }) => from.isBot)
          .flatMap(({ files }) => files)
          .map(async ({ name, type, url }) => ({
            // Discord shows a file as what its type says.
            form: type.split('/')[0] as string,
            name,
            bytes: new Uint8Array(await (await fetch(url)).arrayBuffer()),
          })),
      ),
    close: () => discord.close(),
    send: (files, words) => ada.sendFiles(thread(), files, words),
    speak: (bytes) => ada.sendVoice(thread(), bytes),
  };
};

const shared = ({ name, mimeType: type, bytes }: MediaSample): SharedFile => ({ name, type, bytes });
const named = (sample: MediaSample, name: string): MediaSample => ({ ...sample, name });

const kinds = Object.entries({
  'a picture': png,
  'a photo': jpeg,
  'a picture as WebP': webp,
  'a GIF': gif,
  'a video': mp4,
  'a video as WebM': webm,
  'a song': mp3,
  'a recording': m4a,
  'a document': pdf,
  'an archive': zip,
  'a text': text,
});
const ten = Array.from({ length: 10 }, (_, n) =>
  named(n % 2 === 0 ? png : pdf, `${n}.${n % 2 === 0 ? 'png' : 'pdf'}`),
);

mediaContract<Team>({
  name: 'Discord',
  create,
  team: [
    ...kinds.map(([kind, sample]) => ({
      kind,
      send: ({ send }: Team) => send([shared(sample)]),
      arrives: [['', sample]] as const,
    })),
    {
      kind: 'a picture with words',
      send: ({ send }) => send([shared(png)], 'The lamp'),
      arrives: [['The lamp', png]],
    },
    {
      kind: 'a voice message',
      send: ({ speak }) => speak(ogg.bytes),
      arrives: [['', named(ogg, 'voice-message.ogg')]],
    },
    {
      kind: 'several files in one message',
      send: ({ send }) => send([pdf, jpeg, mp4, mp3].map(shared), 'Everything'),
      arrives: [['Everything', pdf, jpeg, mp4, mp3]],
    },
    {
      kind: 'ten files in one message',
      send: ({ send }) => send(ten.map(shared)),
      arrives: [['', ...ten]],
    },
    {
      kind: 'a file whose name Discord changes',
      send: ({ send }) => send([shared(named(pdf, 'Angebot für März.pdf'))]),
      arrives: [['', named(pdf, 'Angebot für März.pdf')]],
    },
  ],
  visitor: {
    png: 'image',
    jpeg: 'image',
    webp: 'image',
    gif: 'image',
    mp4: 'video',
    webm: 'video',
    mp3: 'audio',
    m4a: 'audio',
    ogg: 'audio',
    pdf: 'application',
    zip: 'application',
    text: 'text',
  },
});
