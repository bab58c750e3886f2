import { type SharedFile, SlackEmulator } from '@pocketping/emulators';
import {
  formsByType,
  kindsOfFiles,
  type MediaPlatform,
  type MediaSample,
  mediaContract,
  mediaSamples,
  tenFiles,
} from '@pocketping/testing';
import { SlackBridge } from '../src/index.js';

const { png, jpeg, mp4, webm, mp3, pdf } = mediaSamples;

interface Team extends MediaPlatform {
  share(files: readonly SharedFile[], words?: string): unknown;
  /** Somebody records it in Slack. */
  record(clip: 'audio' | 'video', file: SharedFile, words?: string): unknown;
}

/** A channel with one thread, which is the conversation's. */
const create = async (): Promise<Team> => {
  const slack = await SlackEmulator.start();
  const { botToken, channelId, apiUrl, appToken } = slack;
  const ada = slack.operator({ name: 'Ada' });
  const thread = () => slack.messages().find(({ from }) => from.isBot)?.ts;
  const messages = () => {
    const ts = thread();
    return ts === undefined ? [] : slack.thread(ts);
  };
  return {
    bridge: new SlackBridge({ botToken, channelId, apiUrl, appToken }),
    isReady: () => messages().some(({ text }) => text.includes('Is anybody there?')),
    posted: async () =>
      messages()
        .filter(({ from }) => from.isBot)
        .flatMap(({ files }) => files)
        // Slack shows a file as what it takes it for by its name.
        .map(({ id, name, type }) => ({
          form: type.split('/')[0] as string,
          name,
          bytes: new Uint8Array(slack.fileBytes(id)),
        })),
    close: () => slack.close(),
    share: (files, words) => ada.shareFiles(thread() ?? '', files, words),
    record: (clip, file, words) => ada.shareFiles(thread() ?? '', [file], words, { clip }),
  };
};

const shared = ({ name, mimeType: type, bytes }: MediaSample): SharedFile => ({ name, type, bytes });
const named = (sample: MediaSample, name: string, mimeType = sample.mimeType): MediaSample => ({
  ...sample,
  name,
  mimeType,
});

// A clip is WebM in a browser, and MP4 elsewhere; its first bytes do not say that there is nothing to see.
const soundInWebm = named(webm, 'audio_message.webm', 'audio/webm');
const soundInMp4 = named(mp4, 'audio_message.mp4', 'audio/mp4');

mediaContract<Team>({
  name: 'Slack',
  create,
  team: [
    ...kindsOfFiles.map(([kind, sample]) => ({
      kind,
      send: ({ share }: Team) => share([shared(sample)]),
      arrives: [['', sample]] as const,
    })),
    {
      kind: 'a picture with words',
      send: ({ share }) => share([shared(png)], 'The lamp'),
      arrives: [['The lamp', png]],
    },
    {
      kind: 'an audio clip',
      send: ({ record }) => record('audio', shared(soundInWebm), 'Listen'),
      arrives: [['Listen', soundInWebm]],
    },
    {
      kind: 'an audio clip from another app',
      send: ({ record }) => record('audio', shared(soundInMp4)),
      arrives: [['', soundInMp4]],
    },
    {
      kind: 'a video clip',
      send: ({ record }) => record('video', shared(named(mp4, 'video_message.mp4'))),
      arrives: [['', named(mp4, 'video_message.mp4')]],
    },
    {
      kind: 'several files in one message',
      send: ({ share }) => share([pdf, jpeg, mp4, mp3].map(shared), 'Everything'),
      arrives: [['Everything', pdf, jpeg, mp4, mp3]],
    },
    {
      kind: 'ten files in one message',
      send: ({ share }) => share(tenFiles.map(shared)),
      arrives: [['', ...tenFiles]],
    },
  ],
  visitor: formsByType,
});
