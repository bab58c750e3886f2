import type { CommandSummary } from '../ports/index.js';
import { typedCommand, visible } from './typed-command.js';

/** With these, commands begin on one platform or another, or with a finger that slipped. */
const SIGNS = ['/', '!', '\\'];

/** What a team calls the bot that it did not name. */
const NAME = 'PocketPing';

/** What a team has to type from. */
export interface Keyboard {
  readonly commands: readonly CommandSummary[];
  /** What commands begin with on the site's platforms. */
  readonly prefixes: readonly string[];
}

/**
 * What somebody typed as another platform wants it, or behind markup, where the platform reads it as words. The name is
 * absent where no such command exists, but the bot is called. Rather too much than too little: what is taken for a command
 * is answered, and can be said in other words; a note that is not reaches the visitor.
 */
export const mistyped = (text: string, keyboard: Keyboard): { readonly name?: string } | undefined => {
  const typed = visible(text.normalize('NFKC'));
  const [head = ''] = HEAD.exec(typed) ?? [];
  const words = typed.slice(head.length);
  const name = nameIn(words, keyboard);
  if (name !== undefined && signsOf(keyboard).some((sign) => head.includes(sign))) return { name };
  const isCall = head.includes('@');
  const called = behindName(words, keyboard);
  const toBot = called === undefined ? undefined : nameIn(called, keyboard);
  if (toBot !== undefined) return { name: toBot };
  if (called !== undefined && isCall) return {};
  // Whoever is called by one word may be the bot by another name, or a role of the team with the same one.
  const toSomebody = isCall ? nameIn(words.replace(SOMEBODY, ''), keyboard) : undefined;
  return toSomebody === undefined ? undefined : { name: toSomebody };
};

/** Everything before the first letter or digit, behind the number of a list's item. */
const HEAD = /^\s*(?:\d+[.)]\s)?[^\p{L}\p{N}]*/u;

const SOMEBODY = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}_.'’-]*/u;

const signsOf = ({ prefixes }: Keyboard): string[] => [
  ...SIGNS,
  ...prefixes
    .map((prefix) => prefix.trim())
    .filter((prefix) => prefix !== '' && !/[\p{L}\p{N}]/u.test(prefix)),
];

/** What follows a name of the bot, with which the words begin. */
const behindName = (words: string, { prefixes }: Keyboard): string | undefined =>
  [NAME, ...prefixes]
    .map((prefix) => prefix.normalize('NFKC').replace(AROUND, ''))
    .filter((name) => name !== '' && words.toLowerCase().startsWith(name.toLowerCase()))
    .map((name) => words.slice(name.length))
    .find((rest) => !/^[\p{L}\p{N}\p{M}_]/u.test(rest));

const AROUND = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

/** The command whose name stands first, whatever stands around it. */
const nameIn = (words: string, { commands }: Keyboard): string | undefined => {
  const sign = '/';
  const name = typedCommand(sign + words.replace(/^[^\p{L}\p{N}]+/u, ''), sign, commands)?.name;
  const names = [name, name?.replace(/_+$/, '')];
  return commands.find((command) => names.includes(command.name))?.name;
};
