import type { Message } from '@pocketping/core';
import type { WireMessage } from '@pocketping/protocol';
import type { Case } from './evidence.js';

/** Every visitor sees what is stored for visitors, message by message, and so does a page that is opened now. */
export const checkWidgets = ({ sessions, shown, fresh, wrong }: Case): void => {
  for (const [number, { session, messages }] of sessions.entries()) {
    const expected = messages.filter(({ audience }) => audience === 'all').map(stored);
    const pages = { 'the page': shown[number], 'a page opened now': fresh[number] };
    for (const [page, state] of Object.entries(pages)) {
      const seen = (state?.messages ?? []).map(asShown);
      const at = expected.findIndex((line, index) => line !== seen[index]);
      if (at >= 0 || seen.length !== expected.length) {
        const here = at < 0 ? expected.length : at;
        wrong(
          `${page} of visitor ${number} shows at place ${here}\n    ${seen[here]}\nand not\n    ${expected[here]}`,
        );
      }
      if ((state?.closed === 'team') !== (session.status === 'closed')) {
        wrong(
          `${page} of visitor ${number} says it is ${state?.closed ?? 'open'}, and it is ${session.status}`,
        );
      }
    }
  }
};

const stored = ({ id, author, content, version, replyTo, deletedAt }: Message): string =>
  lineOf(
    id,
    author.kind,
    author.kind === 'operator' ? author.name : undefined,
    content,
    version,
    replyTo,
    deletedAt !== undefined,
  );

const asShown = ({ id, sender, senderName, content, version, replyTo, deletedAt }: WireMessage): string =>
  lineOf(
    id,
    sender,
    sender === 'operator' ? senderName : undefined,
    content,
    version,
    replyTo,
    deletedAt !== undefined,
  );

const lineOf = (...parts: readonly unknown[]): string => JSON.stringify(parts.map((part) => part ?? null));
