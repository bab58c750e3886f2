import { readable } from '@pocketping/core/rendering';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Deed, everyDeed } from './deeds.js';
import { type BridgeContract, type BridgeFixture, conversation, said, startedBridge } from './fixture.js';
import { bare, nastyText, nastyTexts } from './nasty.js';
import type { Live, Reading } from './probe.js';
import { longText } from './samples.js';

/** Nothing that a stranger writes is anything but text, wherever it appears. */
export const describeInjection = (contract: BridgeContract): void => {
  describe("strangers' text", () => {
    const fixture = startedBridge(contract);
    const deeds = everyDeed(contract);

    it.each(places(deeds))(
      'is text and nothing else in %s, and is shown as it was written',
      async (_, ofPlace) => {
        const judge = await judging(fixture());
        for (const [number, deed] of ofPlace.entries()) {
          for (const each of [0, 1]) {
            await judge(deed, nastyTexts[(number * 3 + each) % nastyTexts.length] as string);
          }
        }
      },
    );

    it('is that in whatever mixture', async () => {
      const judge = await judging(fixture());
      await fc.assert(fc.asyncProperty(fc.constantFrom(...deeds), nastyText, judge), {
        numRuns: 50,
        interruptAfterTimeLimit: 20_000,
        markInterruptAsFailure: true,
      });
    }, 60_000);

    it('turns nothing that stands behind it, where it is cut, either', async () => {
      const { thread } = await conversation(fixture());
      for (const [open, close] of [
        ['\u202e', '\u202c'],
        ['\u2067', '\u2069'],
      ]) {
        // What a notification shows is cut sooner than a post.
        for (const length of [600, 9000]) {
          const long = longText(length).replaceAll('\n', ' ');
          await said(fixture(), thread, `${open}${long}${close} and so on`);
          await said(fixture(), thread, `${open}${long}`, { plain: true });
        }
      }
      const readings = await fixture().platform.readings();
      expect(readings.length).toBeGreaterThan(4);
      for (const { text } of readings) expect(turnedBehind(text), text).toEqual([]);
    });

    it('keeps what letters and emoji need', async () => {
      const { thread } = await conversation(fixture());
      const text = 'שלום مرحبا می‌خواهم 👩‍👩‍👧‍👦 ❤️ नमस्ते a\u200bb \u200f! \u2067עברית\u2069';
      await said(fixture(), thread, text);
      expect((await fixture().platform.readings()).map((reading) => reading.text).join('\n')).toContain(text);
    });
  });
};

/** By what the text stands in, such as a card. */
const places = (deeds: readonly Deed[]): [string, Deed[]][] => {
  const byPlace = new Map<string, Deed[]>();
  for (const deed of deeds) {
    const [place = ''] = deed.name.split(/[:,]/);
    byPlace.set(place, [...(byPlace.get(place) ?? []), deed]);
  }
  return [...byPlace];
};

/** Does a deed with a text and with a harmless one, and compares what people read. */
const judging = async (fixture: BridgeFixture) => {
  const { thread } = await conversation(fixture);
  const harmless = new Map<Deed, readonly Reading[]>();
  let known = await fixture.platform.readings();
  const readingsOf = async (deed: Deed, text: string): Promise<Reading[]> => {
    const before = new Map<string, number>();
    for (const key of known.map((reading) => JSON.stringify(reading))) {
      before.set(key, (before.get(key) ?? 0) + 1);
    }
    await deed.do(fixture, thread, text);
    known = await fixture.platform.readings();
    return known.filter((reading) => {
      const key = JSON.stringify(reading);
      const left = before.get(key) ?? 0;
      before.set(key, left - 1);
      return left <= 0;
    });
  };
  return async (deed: Deed, text: string): Promise<void> => {
    const ours = harmless.get(deed) ?? (await readingsOf(deed, HARMLESS));
    harmless.set(deed, ours);
    const shown = await readingsOf(deed, text);
    const told = `${deed.name}: ${JSON.stringify(text)}\nis read as ${JSON.stringify(shown, undefined, 1)}`;
    const allowed = ours.flatMap(({ live }) => live);
    for (const { text: read, live } of shown) {
      expect(
        live.filter((each) => !isHarmless(each, allowed)),
        told,
      ).toEqual([]);
      expect(turnedBehind(read), told).toEqual([]);
      expect(read, told).not.toMatch(/(?![\n\t])\p{Cc}|\p{Surrogate}/u);
    }
    if (deed.inPart || !ours.some((reading) => reading.text.includes(HARMLESS))) return;
    expect(
      shown.some((reading) => bare(reading.text).includes(bare(readable(text)))),
      told,
    ).toBe(true);
  };
};

const HARMLESS = 'quiet';

/** It was there with a harmless text, too; or it is an address that says where it leads, or only keeps characters from meaning anything. */
const isHarmless = ({ kind, text, address, style }: Live, ours: readonly Live[]): boolean => {
  if (kind === 'link' && address === text) return true;
  if (kind === 'style') {
    return style === 'code' || ours.some((each) => each.kind === 'style' && each.style === style);
  }
  return ours.some((each) => each.kind === kind && each.text === text && each.address === address);
};

/** The lines on which a direction is turned and not turned back, or turned back twice. */
const turnedBehind = (text: string): string[] =>
  text.split('\n').filter((line) => {
    let left = line.replace(/[^\u202a-\u202e\u2066-\u2069]/g, '');
    for (let before = ''; before !== left; ) {
      before = left;
      left = left.replace(/[\u202a\u202b\u202d\u202e]\u202c|[\u2066-\u2068]\u2069/g, '');
    }
    return left !== '';
  });
