import { describe, expect, it } from 'vitest';
import { begun } from './media-contract/conversation.js';
import type { MediaContract, MediaPlatform } from './media-contract/fixture.js';
import { type MediaSample, mediaSamples } from './media-contract/samples.js';

export type {
  ArrivingFile,
  MediaContract,
  MediaPlatform,
  PostedFile,
  TeamMedia,
} from './media-contract/fixture.js';
export {
  formsByType,
  kindsOfFiles,
  type MediaSample,
  mediaSamples,
  tenFiles,
} from './media-contract/samples.js';

/**
 * Every kind of file, both ways, through a platform, its bridge and an engine: what people of the team send is what the
 * visitor gets, and what the visitor sends is what they get, to the byte.
 *
 * @example
 * mediaContract({
 *   name: 'Slack',
 *   create: async () => platformOn(await SlackEmulator.start()),
 *   team: [{ kind: 'a picture', send: ({ ada }) => ada.share(png), arrives: [['', png]] }, …],
 *   visitor: { png: 'picture', pdf: 'file', … },
 * });
 */
export const mediaContract = <Platform extends MediaPlatform>(contract: MediaContract<Platform>): void => {
  const { name, team, visitor } = contract;
  describe(`files on ${name}`, () => {
    it.each(team.map((media) => [media.kind, media] as const))(
      'reach the visitor as they are: %s',
      async (_, { send, arrives }) => {
        const { platform, eventually, sees } = await begun(contract);
        await send(platform);
        await eventually(async () => expect(await sees()).toEqual(arrives));
      },
    );

    const samples = Object.entries(mediaSamples) as [keyof typeof mediaSamples, MediaSample][];
    it.each(samples.map(([key, sample]) => [sample.mimeType, visitor[key], sample] as const))(
      'reach the team as they are: %s, as %s',
      async (_, form, sample) => {
        const { platform, eventually, send } = await begun(contract);
        await send([sample]);
        const [posted, ...others] = await eventually(async () => {
          const all = await platform.posted();
          expect(all.length).toBeGreaterThan(0);
          return all;
        });
        expect(posted?.form).toBe(form);
        if (posted?.name !== undefined) expect(posted.name).toBe(sample.name);
        expect(posted?.bytes).toEqual(sample.bytes);
        expect(others).toEqual([]);
      },
    );

    it('keep their order where a visitor sends several at once', async () => {
      const { platform, eventually, send } = await begun(contract);
      const many = samples.map(([, sample]) => sample).slice(0, 10);
      await send(many, 'All of them');
      await eventually(async () => expect(await platform.posted()).toHaveLength(many.length));
      expect((await platform.posted()).map(({ bytes }) => bytes)).toEqual(many.map(({ bytes }) => bytes));
    });
  });
};
