import { expect, it } from 'vitest';
import type { Posted } from './mail.js';
import { deliver, withheld } from './untaken.js';
import type { World } from './world.js';

/** Posts the same 20 times at once, to both nodes in turn. @throws AssertionError unless all are taken */
export const takenOften = async (
  world: World,
  platform: 'telegram' | 'slack',
  posted: Posted | undefined,
): Promise<void> => {
  if (!posted) throw new Error('the platform has posted no such thing');
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) => deliver(world, platform, posted, at % 2)),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
};

/**
 * What is posted to two nodes again.
 * @param close the command that closes a conversation @param inBody how the platform's posts tell of it
 */
export const comesAgain = (
  open: () => World,
  platform: 'telegram' | 'slack',
  { close, inBody }: { readonly close: () => string; readonly inBody: string },
): void => {
  const say = (words: string) => open().say(platform, words);

  it('twenty times at once, to two nodes, is one message, and then none', async () => {
    const world = open();
    const genuine = await withheld(world, 'twenty at once', () => say('twenty at once'));
    await takenOften(world, platform, genuine);
    world.mail.held = false;
    await world.arrival('twenty at once');
    await world.unharmed(() => takenOften(world, platform, genuine), say);
  });

  it('as a command is obeyed once', async () => {
    const world = open();
    say(close());
    const status = async () => (await world.storage.session(world.visitor.sessionId))?.status;
    await expect.poll(status).toBe('closed');
    await world.visitor.say('one more thing');
    await expect.poll(status).toBe('open');
    await world.unharmed(() => takenOften(world, platform, world.mail.with(inBody)), say);
    expect(await status()).toBe('open');
  });
};

/** Two messages arrive; then one is edited and the other one deleted. @returns what was said, and what stands */
export const saidAndChanged = async (
  world: World,
  platform: 'slack' | 'discord',
): Promise<{ readonly said: readonly string[]; readonly stands: string }> => {
  const said = ['as it was first', 'said too soon'];
  const [edited = '', gone = ''] = said.map((words) => world.say(platform, words));
  for (const words of said) await world.arrival(words);
  world.change(platform, edited, 'as it is now');
  world.teams[platform].delete(gone);
  await world.arrival('as it is now');
  await expect.poll(world.hears).not.toContain('said too soon');
  return { said, stands: 'as it is now' };
};

/**
 * What overtakes the message that it is about.
 * @param again has the platform tell once more of words that were said
 */
export const comesTooSoon = (
  open: () => World,
  platform: 'slack' | 'discord',
  again: (words: string) => unknown,
): void => {
  const say = (words: string) => open().say(platform, words);

  it('an edit before its message is one message, as it was edited', async () => {
    const world = open();
    const [wrong, right] = [`helo, ${platform}`, `hello, ${platform}`];
    world[platform].reorder(2);
    world.change(platform, say(wrong), right);
    await world.arrival(right);
    await world.unharmed(() => again(wrong), say);
    expect(await world.hears()).not.toContain(wrong);
  });

  it('a deletion before its message leaves the message unsaid', () =>
    open().unharmed(() => {
      open()[platform].reorder(2);
      open().teams[platform].delete(say('never mind'));
    }, say));
};
