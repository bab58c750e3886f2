import type { Pacing } from '@pocketping/core';
import { LONGEST_NAME, nameFrom, pacingFrom, wrongIn } from '@pocketping/core/bridging';
import { describe, expect, it } from 'vitest';

const wrong = wrongIn('PigeonBridge');
const refused = (words: string) =>
  expect.objectContaining({
    code: 'misconfigured',
    message: expect.stringMatching(new RegExp(`^PigeonBridge: .*${words}`)),
  });

describe('options that bridges have in common', () => {
  it('are a name that can be part of a key', () => {
    for (const name of ['support', '2nd', 'a-b', 'x'.repeat(LONGEST_NAME)])
      expect(nameFrom(name, wrong)).toBe(name);
    for (const name of ['', '-a', 'My Bridge', 'a/b', 'x'.repeat(LONGEST_NAME + 1)])
      expect(() => nameFrom(name, wrong)).toThrow(refused('lower-case'));
  });

  it('are a pacing that lets something through', () => {
    const pacing: Pacing = { chat: { calls: 1, perMs: 0.5 } };
    expect(pacingFrom(pacing, wrong)).toBe(pacing);
    expect(() => pacingFrom({ thread: { calls: 0.5, perMs: 1000 } }, wrong)).toThrow(
      refused('pacing.thread.calls'),
    );
    expect(() => pacingFrom({ bot: { calls: 1, perMs: 0 } }, wrong)).toThrow(refused('pacing.bot.perMs'));
    expect(() => pacingFrom({ server: { calls: 1, perMs: 1 } } as Pacing, wrong)).toThrow(
      refused('pacing.server does not exist'),
    );
  });
});
