import type { Phone } from './phones.js';

/** What the stage is made of, with gaps such as `{title}`. */
export interface StageParts {
  readonly page: string;
  readonly drawn: string;
  readonly own: string;
}

/** The stage with its phones, whose phone each is, and what can be tried on it. */
export const stageWith = (phones: readonly Phone[], { page, drawn, own }: StageParts): string => {
  const sections = phones.map((phone) =>
    filled(phone.drawn ? drawn : own, {
      platform: phone.platform,
      title: TITLES[phone.platform],
      holder: phone.drawn?.holder ?? '',
      url: phone.drawn?.url ?? '',
      where: WHERE[phone.platform],
    }),
  );
  return page
    .replace('<!-- answering -->', answering(phones))
    .replace('<!-- phones -->', sections.join('\n        '));
};

const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.trim().replace(/\{(\w+)\}/g, (gap, name: string) => values[name] ?? gap);

const TITLES = { telegram: 'Telegram', discord: 'Discord', slack: 'Slack' } as const;

/** Where the conversation is found on a phone of one's own. */
const WHERE = {
  telegram: 'a topic of its own where your group has topics',
  discord: 'a thread in your channel',
  slack: 'a message in your channel, and its thread',
} as const;

/** How each platform's commands begin. What begins otherwise reaches the visitor. */
const PREFIX = { telegram: '/', discord: '!', slack: '@PocketPing ' } as const;

/** What to try when one answers. Chats without threads have nothing to close, and a reply says whom it is for. */
const answering = (phones: readonly Phone[]): string => {
  const typed = (among: readonly Phone[], words: string) =>
    listed(
      among.map(
        ({ platform }) =>
          `<code>${PREFIX[platform]}${words}</code>${phones.length > 1 ? ` in ${TITLES[platform]}` : ''}`,
      ),
    );
  const closing = typed(
    phones.filter(({ threads }) => threads),
    'close',
  );
  return [
    phones.length > 1 ? 'Answer from any phone: the others see it, too.' : 'Answer from the phone.',
    ...phones
      .filter(({ threads }) => !threads)
      .map(({ platform }) => `In ${TITLES[platform]}, reply to what the visitor wrote.`),
    `Try an edit, and for the team alone ${typed(phones, 'note psst')}.`,
    ...(closing === '' ? [] : [`End with ${closing}.`]),
  ].join(' ');
};

const listed = (items: readonly string[]): string =>
  items.length > 1 ? `${items.slice(0, -1).join(', ')} or ${items.at(-1)}` : items.join('');
