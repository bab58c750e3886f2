import { badRequest } from '../errors.js';
import { isObject, type Params, structure } from '../params.js';

/**
 * The emoji that a bot sets on a message: one at most, of those that the platform lists; undefined for none.
 * @throws ApiError for anything else
 * @see https://core.telegram.org/bots/api#setmessagereaction
 */
export const reactionIn = (params: Params): string | undefined => {
  const reactions = structure(params, 'reaction') ?? [];
  if (!Array.isArray(reactions)) throw badRequest("can't parse reaction types JSON object");
  if (reactions.length > 1) throw badRequest('REACTIONS_TOO_MANY');
  const [reaction] = reactions as unknown[];
  if (reaction === undefined) return undefined;
  if (!isObject(reaction) || reaction.type !== 'emoji' || typeof reaction.emoji !== 'string')
    throw badRequest('REACTION_INVALID');
  if (!LISTED.has(reaction.emoji)) throw badRequest('REACTION_INVALID');
  return reaction.emoji;
};

/** @see https://core.telegram.org/bots/api#reactiontypeemoji */
const LISTED: ReadonlySet<string> = new Set(
  '👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡'.split(
    ' ',
  ),
);
