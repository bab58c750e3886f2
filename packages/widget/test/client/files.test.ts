import { describe, expect, it } from 'vitest';
import { chat, type Page, settled, until } from '../fake/chat.js';

const world = chat();
const MB = 1024 * 1024;

const file = (name: string, content: string | Uint8Array = 'text', type = 'text/plain') =>
  new File([content as BlobPart], name, { type });
const files = () => world.server.conversations.files;
const chosen = ({ client }: Page) => client.state().files;
const uploaded = (page: Page) => until(() => chosen(page).every(({ done }) => done));
const failures = (page: Page) => chosen(page).map(({ failure }) => failure);

async function openPage(): Promise<Page> {
  files().maxBytes = MB;
  files().bucket = `${world.server.origin}/bucket`;
  return world.openPage();
}

it('knows whether the site takes files', async () => {
  expect((await world.openPage()).client.state().uploads).toBeUndefined();
  expect((await openPage()).client.state().uploads).toEqual({ maxBytes: MB });
});

it('uploads at once, and sends the message with the files in their order', async () => {
  const page = await openPage();
  expect(page.client.files.add([file('a.txt', 'first'), file('b.txt', 'second')])).toBe(true);
  await uploaded(page);
  expect(await page.client.sendWithFiles('look at these')).toBe(true);
  expect(chosen(page)).toEqual([]);
  await until(() => page.client.state().messages.length === 1);
  const [message] = page.client.state().messages;
  expect(message).toMatchObject({ content: 'look at these', sender: 'visitor' });
  expect(message!.attachments?.map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
  expect(world.server.to('/message')).toHaveLength(1);
  expect(world.server.to('/upload')[0]!.body).toMatchObject({
    ...{ name: 'a.txt', mimeType: 'text/plain', size: 5 },
  });
});

it('sends files without a word', async () => {
  const page = await openPage();
  page.client.files.add([file('a.txt')]);
  expect(await page.client.sendWithFiles('  ')).toBe(true);
  await until(() => page.client.state().messages.length === 1);
  expect(world.server.to('/message')[0]!.body).toMatchObject({ content: '', attachmentIds: ['att_0004'] });
});

it('gives the token to the server it is of, and to no store elsewhere', async () => {
  const page = await openPage();
  page.client.files.add([file('here.txt', 'here')]);
  await uploaded(page);
  files().store = 'elsewhere';
  page.client.files.add([file('there.txt', 'there')]);
  await uploaded(page);
  const [here, there] = files().brought;
  expect(here).toMatchObject({ method: 'PUT', type: 'text/plain', token: expect.stringMatching(/^token-/) });
  expect(here!.bytes.toString()).toBe('here');
  expect(there).toMatchObject({ method: 'POST', path: '/bucket', token: undefined });
  // The fields come before the file, or the store would not know what it is for.
  const names = [...there!.bytes.toString().matchAll(/name="(\w+)"/g)].map(([, name]) => name);
  expect(names).toEqual(['key', 'policy', 'file']);
  expect([...files().kept.values()].map(({ bytes }) => bytes?.toString())).toEqual(['here', 'there']);
});

it('tells how it goes on', async () => {
  const page = await openPage();
  const seen = new Set<number>();
  page.client.subscribe(() => chosen(page).forEach(({ progress }) => void seen.add(progress)));
  page.client.files.add([file('long.bin', new Uint8Array(MB))]);
  await uploaded(page);
  const parts = [...seen];
  expect(parts).toEqual(parts.toSorted((a, b) => a - b));
  expect(parts.length).toBeGreaterThan(5);
  expect(parts.at(-1)).toBe(1);
});

it('waits with the message for uploads that run', async () => {
  const page = await openPage();
  let go = () => {};
  files().until = new Promise<void>((resolve) => {
    go = resolve;
  });
  page.client.files.add([file('slow.txt')]);
  const sent = page.client.sendWithFiles('with a slow one');
  await until(() => world.server.to('/upload').length === 1);
  await settled(world.server);
  expect(world.server.to('/message')).toEqual([]);
  go();
  expect(await sent).toBe(true);
  await until(() => world.server.to('/message').length === 1);
});

describe('a file that cannot be sent', () => {
  it('is said to be too large or empty before anything leaves', async () => {
    const page = await openPage();
    page.client.files.add([file('large.bin', new Uint8Array(MB + 1)), file('empty.txt', '')]);
    expect(failures(page)).toEqual(['tooLarge', 'empty']);
    expect(await page.client.sendWithFiles('text')).toBe(false);
    await settled(world.server);
    expect(world.server.to('/upload')).toEqual([]);
    expect(world.server.to('/message')).toEqual([]);
  });

  it.each([
    ['payload_too_large', 'tooLarge'],
    ['unsupported_media_type', 'refused'],
    ['forbidden', 'failed'],
    ['unavailable', 'network'],
  ] as const)('refused with %s is %s', async (code, failure) => {
    const page = await openPage();
    files().refuse = code;
    page.client.files.add([file('a.txt')]);
    await until(() => failures(page)[0]);
    expect(failures(page)).toEqual([failure]);
    expect(await page.client.sendWithFiles('text')).toBe(false);
    expect(chosen(page)).toHaveLength(1);
  });

  it('refused at the announcement or at the end says so, too', async () => {
    const page = await openPage();
    for (const path of ['/upload', '/upload/complete']) {
      world.server.fault = (asked) => (asked.path === path ? { code: 'unsupported_media_type' } : undefined);
      page.client.files.add([file('a.exe')]);
      await until(() => failures(page)[0]);
      expect(failures(page)).toEqual(['refused']);
      page.client.files.remove(chosen(page)[0]!.key);
    }
  });

  it('for want of a network goes out when somebody tries again', async () => {
    const page = await openPage();
    page.tab.reachable = false;
    page.client.files.add([file('a.txt')]);
    await until(() => failures(page)[0] === 'network');
    page.tab.reachable = true;
    page.client.files.retry(chosen(page)[0]!.key);
    await uploaded(page);
    expect(await page.client.sendWithFiles('')).toBe(true);
  });

  it('for want of a network goes out when the connection is back', async () => {
    const page = await openPage();
    page.tab.network(false);
    page.client.files.add([file('a.txt')]);
    await until(() => failures(page)[0] === 'network');
    page.tab.network(true);
    await uploaded(page);
  });

  it('of which nothing leaves for half a minute is given up', async () => {
    const page = await openPage();
    files().until = new Promise(() => {});
    page.client.files.add([file('a.txt')]);
    await until(() => chosen(page)[0]!.progress === 1);
    world.clock.advance(30_000);
    await until(() => failures(page)[0] === 'network');
  });
});

it('takes ten files at a time', async () => {
  const page = await openPage();
  const many = Array.from({ length: 12 }, (_, index) => file(`${index}.txt`));
  expect(page.client.files.add(many.slice(0, 9))).toBe(true);
  expect(page.client.files.add(many.slice(9))).toBe(false);
  expect(chosen(page)).toHaveLength(10);
  await uploaded(page);
});

it('ends an upload that the visitor takes back', async () => {
  const page = await openPage();
  files().until = new Promise(() => {});
  page.client.files.add([file('a.txt'), file('b.txt')]);
  await until(() => world.server.to('/upload').length === 2);
  const sent = page.client.sendWithFiles('never mind');
  for (const { key } of chosen(page)) page.client.files.remove(key);
  expect(await sent).toBe(false);
  await settled(world.server);
  expect(world.server.to('/upload/complete')).toEqual([]);
  expect(world.server.to('/message')).toEqual([]);
  // No deadline of an upload is left.
  page.client.destroy();
  await until(() => world.clock.pending === 0);
});

it('uploads again for a conversation that began meanwhile', async () => {
  const page = await openPage();
  page.client.files.add([file('a.txt')]);
  await uploaded(page);
  const [first] = chosen(page);
  await page.client.endConversation();
  page.client.open();
  await until(() => page.client.state().link === 'live');
  await uploaded(page);
  expect(chosen(page)[0]!.done!.sessionId).not.toBe(first!.done!.sessionId);
  expect(await page.client.sendWithFiles('here it is')).toBe(true);
  await until(() => world.server.conversations.latest.messages.length === 1);
});

it('does not go round in circles with a server that knows nobody', async () => {
  const page = await openPage();
  world.server.fault = ({ path }) => (path === '/upload' ? { code: 'unauthorized' } : undefined);
  page.client.files.add([file('a.txt')]);
  await until(() => failures(page)[0] === 'failed');
  expect(world.server.to('/upload')).toHaveLength(3);
});

it('a message with files that the network swallowed goes out after a reload, once', async () => {
  const page = await openPage();
  page.client.files.add([file('a.txt')]);
  await uploaded(page);
  world.server.fault = ({ path }) => (path === '/message' ? 'drop-after' : undefined);
  expect(await page.client.sendWithFiles('with a file')).toBe(true);
  await until(() => world.server.to('/message').length > 0);
  world.leave(page);
  world.server.fault = () => undefined;
  const again = await world.openPage();
  await until(() => again.client.state().unsent.length === 0);
  const { messages } = world.server.conversations.latest;
  expect(messages).toHaveLength(1);
  expect(messages[0]!.attachments).toHaveLength(1);
});

it('hears of the team’s files, and tells the page where they are', async () => {
  const heard: unknown[] = [];
  files().maxBytes = MB;
  const page = await world.openPage({ onMessage: (message) => heard.push(message.attachments) });
  const team = world.server.conversations;
  const attachment = {
    id: 'att_1',
    name: 'a.png',
    mimeType: 'image/png',
    size: 0,
    status: 'fetching',
  } as const;
  const message = team.say(team.latest, '', { attachments: [attachment] });
  await until(() => page.client.state().messages[0]?.attachments?.[0]?.status === 'fetching');
  const ready = { ...attachment, size: 7, status: 'ready', url: '/files/att_1?sig=x' } as const;
  team.change(team.latest, message.id, { attachments: [ready] });
  await until(() => page.client.state().messages[0]?.attachments?.[0]?.status === 'ready');
  team.say(team.latest, '', { attachments: [ready, { ...ready, url: 'javascript:alert(1)' }] });
  await until(() => heard.length === 2);
  const { url: _, ...nowhere } = ready;
  expect(heard[1]).toEqual([{ ...ready, url: `${world.server.endpoint}/files/att_1?sig=x` }, nowhere]);
});
