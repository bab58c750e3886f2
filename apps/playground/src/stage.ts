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

/** How each platform's commands begin. */
const CLOSE = { telegram: '/close', discord: '!close', slack: '@PocketPing close' } as const;

/** What to try when one answers. Chats without threads have nothing to close, and a reply says whom it is for. */
const answering = (phones: readonly Phone[]): string => {
  const [first] = phones;
  const prefix = first ? CLOSE[first.platform].replace('close', '') : '';
  const closing = phones
    .filter(({ threads }) => threads)
    .map(
      ({ platform }) =>
        `<code>${CLOSE[platform]}</code>${phones.length > 1 ? ` in ${TITLES[platform]}` : ''}`,
    );
  return [
    phones.length > 1 ? 'Answer from any phone: the others see it, too.' : 'Answer from the phone.',
    ...phones
      .filter(({ threads }) => !threads)
      .map(({ platform }) => `In ${TITLES[platform]}, reply to what the visitor wrote.`),
    `Try an edit, <code>${prefix}note psst</code> for the team alone${closing.length > 0 ? `, and ${listed(closing)}` : ''}.`,
  ].join(' ');
};

const listed = (items: readonly string[]): string =>
  items.length > 1 ? `${items.slice(0, -1).join(', ')} or ${items.at(-1)}` : items.join('');
