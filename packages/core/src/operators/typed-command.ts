import type { CommandSummary, InboundCommand } from '../ports/index.js';

/**
 * The command that somebody typed, or undefined for words. For a bridge whose commands begin with a sign.
 *
 * The prefix right before a letter or a digit of any script begins a command, whether there is such a one or not: the engine
 * answers what it does not know. With the prefix typed twice, or blanks behind it, the finger slipped before a command that
 * there is; before anything else it is punctuation. Characters that nobody sees change nothing.
 *
 * @example
 * typedCommand('/größe 3', '/', host.commands) // { name: 'größe', args: '3' }
 * typedCommand('// note: rude', '/', host.commands) // { name: 'note', args: 'rude', slipped: true }
 * typedCommand('! wow', '!', host.commands) // undefined
 * @param commands everything that a team can type there: `BridgeHost.commands`
 */
export const typedCommand = (
  text: string,
  prefix: string,
  commands: readonly CommandSummary[],
): Pick<InboundCommand, 'name' | 'args' | 'slipped'> | undefined => {
  const typed = text.replace(BLANK, '').trimEnd();
  const words = behind(prefix, typed);
  const [word] = WORD.exec(words) ?? [];
  if (word === undefined || words === typed) return undefined;
  const name = nameOf(word);
  const args = words.slice(word.length).replace(PUNCTUATION, '').trim();
  if (visible(typed.slice(0, -words.length)) === prefix) return { name, args };
  return commands.some((command) => command.name === name) ? { name, args, slipped: true } : undefined;
};

/**
 * What somebody tells the bot by mentioning it first: the command, whether there is such a one or not, and `help` for nothing.
 * For a bridge whose platform has mentions.
 *
 * @example
 * addressedCommand(', note: rude') // { name: 'note', args: 'rude' }
 * @param words what stands behind the mention
 */
export const addressedCommand = (words: string): Pick<InboundCommand, 'name' | 'args'> => {
  const [, word = 'help', args = ''] = ADDRESSED.exec(words) ?? [];
  return { name: nameOf(word), args: args.trim() };
};

/** Without what nobody sees. */
export const visible = (text: string): string => text.replace(INVISIBLE, '');

const behind = (prefix: string, typed: string): string => {
  let words = typed;
  for (let before = ''; before !== words; ) {
    before = words;
    if (words.startsWith(prefix)) words = words.slice(prefix.length).replace(BLANK, '');
  }
  return words;
};

const nameOf = (word: string): string => visible(word).toLowerCase();

const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]+/gu;

const BLANK = /^[\s\p{Default_Ignorable_Code_Point}\p{Cf}]+/u;

/** `close.`, `note: rude` and `note(rude)` are meant as well; `close-up` and `close/me` are other words. */
const WORD = /^[\p{L}\p{N}](?:[-'’/]*(?:_|[^\s\p{P}\p{S}]))*/u;

/** What stands right behind a name and means nothing. */
const PUNCTUATION = /^(?:\p{Terminal_Punctuation}|[-…])+/u;

/** A name, whatever punctuation stands around it, and what follows. */
const ADDRESSED = /^[^\p{L}\p{N}_]*(?:(\S*[\p{L}\p{N}_])\S*\s*)?(.*)$/su;
