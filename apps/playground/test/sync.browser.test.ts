import { expect, it } from 'vitest';
import { onStage, PLATFORMS, picture, withBrowser } from './browser.js';

const browser = withBrowser();

/** A visitor whose first message is on all phones. */
const greeted = async (greeting: string) => {
  const { page, widget, phones, done } = await onStage(browser());
  await widget.open();
  await widget.write(greeting);
  for (const platform of PLATFORMS) await phones[platform].sees(greeting);
  return { page, widget, phones, done };
};

const others = (platform: (typeof PLATFORMS)[number]) => PLATFORMS.filter((other) => other !== platform);

it('a reply on each phone shows on the two others and in the widget', async () => {
  const { page, widget, phones, done } = await greeted('Which one of you is there?');
  for (const platform of PLATFORMS) {
    const reply = `it is me, on ${platform} here`;
    await phones[platform].write(reply);
    await widget.sees(reply);
    for (const other of others(platform)) await phones[other].sees(reply);
  }
  for (const platform of PLATFORMS) {
    const reply = `it is me, on ${platform} here`;
    const counts = await Promise.all(PLATFORMS.map((each) => phones[each].count(reply)));
    expect([reply, await widget.count(reply), ...counts]).toEqual([reply, 1, 1, 1, 1]);
  }
  await picture(page, '11-three-phones');
  await done();
});

it('who answered is said on the two others', async () => {
  const { phones, done } = await greeted('Who are you?');
  const names = { telegram: 'Ada', discord: 'Bea', slack: 'Cleo' };
  for (const platform of PLATFORMS) {
    await phones[platform].write(`a word from ${platform}`);
    for (const other of others(platform)) {
      await phones[other].sees(`a word from ${platform}`);
      expect(await phones[other].message(`a word from ${platform}`).textContent()).toContain(names[platform]);
    }
  }
  await done();
});

it.each(PLATFORMS)('what is edited in %s changes everywhere', async (platform) => {
  const { widget, phones, done } = await greeted('How long is the cable?');
  await phones[platform].write('two feet');
  await widget.sees('two feet');
  for (const other of others(platform)) await phones[other].sees('two feet');
  await phones[platform].menu('two feet', 'edit');
  await phones[platform].write('two metres');
  await widget.sees('two metres');
  for (const other of others(platform)) {
    await phones[other].sees('two metres');
    await expect.poll(() => phones[other].count('two feet')).toBe(0);
  }
  expect(await widget.count('two feet')).toBe(0);
  await done();
});

it.each(['discord', 'slack'] as const)('what is deleted in %s goes everywhere', async (platform) => {
  const { widget, phones, done } = await greeted('Is it made of oak?');
  await phones[platform].write('of pine');
  await widget.sees('of pine');
  for (const other of others(platform)) await phones[other].sees('of pine');
  await phones[platform].menu('of pine', 'delete');
  await expect.poll(() => widget.count('of pine')).toBe(0);
  for (const other of others(platform)) await expect.poll(() => phones[other].count('of pine')).toBe(0);
  await done();
});

it('what is deleted in Telegram, by a command since bots are not told, goes everywhere', async () => {
  const { widget, phones, done } = await greeted('Is it made of oak?');
  await phones.telegram.write('of pine');
  await widget.sees('of pine');
  for (const other of others('telegram')) await phones[other].sees('of pine');
  await phones.telegram.menu('of pine', 'reply');
  await phones.telegram.write('/delete');
  await expect.poll(() => widget.count('of pine')).toBe(0);
  for (const other of others('telegram')) await expect.poll(() => phones[other].count('of pine')).toBe(0);
  await done();
});

it('a private note shows on the two others, and not in the widget', async () => {
  const { page, widget, phones, done } = await greeted('Do I get a discount?');
  const commands = { telegram: '/note', discord: '!note', slack: '@PocketPing note' };
  for (const platform of PLATFORMS) {
    await phones[platform].write(`${commands[platform]} psst, from ${platform}`);
    for (const other of others(platform)) await phones[other].sees(`psst, from ${platform}`);
  }
  // What is said afterwards has come: so would have the notes.
  await phones.discord.write('You do');
  await widget.sees('You do');
  expect(await widget.count('psst')).toBe(0);
  await page.reload();
  await widget.open();
  await widget.sees('You do');
  expect(await widget.count('psst')).toBe(0);
  await done();
});

it.each([
  ['telegram', '/close'],
  ['discord', '!close'],
  ['slack', '@PocketPing close'],
] as const)('%s closes with its own command', async (platform, command) => {
  const { widget, phones, done } = await greeted('Thank you, bye');
  await phones[platform].write(command);
  await phones.discord
    .by('conversation')
    .getByText(/closed/i)
    .first()
    .waitFor();
  await widget.write('One more thing');
  for (const each of PLATFORMS) await phones[each].sees('One more thing');
  await phones.slack.write('Yes?');
  await widget.sees('Yes?');
  await done();
});
