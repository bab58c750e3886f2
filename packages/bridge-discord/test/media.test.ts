import { DiscordEmulator, type SharedFile } from '@pocketping/emulators';
import {
  formsByType,
  kindsOfFiles,
  type MediaPlatform,
  type MediaSample,
  mediaContract,
  mediaSamples,
  tenFiles,
} from '@pocketping/testing';
import { DiscordBridge } from '../src/index.js';

const { png, jpeg, mp4, mp3, ogg, pdf } = mediaSamples;

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

mediaContract<Team>({
  name: 'Discord',
  create,
  team: [
    ...kindsOfFiles
      .filter(([, sample]) => sample !== ogg)
      .map(([kind, sample]) => ({
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
      send: ({ send }) => send(tenFiles.map(shared)),
      arrives: [['', ...tenFiles]],
    },
    {
      kind: 'a file whose name Discord changes',
      send: ({ send }) => send([shared(named(pdf, 'Angebot für März.pdf'))]),
      arrives: [['', named(pdf, 'Angebot für März.pdf')]],
    },
  ],
  visitor: formsByType,
});
