/** Some emoji by their names on the platform, which has one for each. */
export const EMOJI: readonly (readonly [name: string, emoji: string])[] = [
  ['wave', '👋'],
  ['+1', '👍'],
  ['-1', '👎'],
  ['heart', '❤️'],
  ['tada', '🎉'],
  ['smile', '😄'],
  ['slightly_smiling_face', '🙂'],
  ['joy', '😂'],
  ['thinking_face', '🤔'],
  ['pray', '🙏'],
  ['eyes', '👀'],
  ['white_check_mark', '✅'],
  ['heavy_check_mark', '✔️'],
  ['lock', '🔒'],
  ['truck', '🚚'],
  ['rocket', '🚀'],
  ['fire', '🔥'],
  ['bug', '🐛'],
  ['warning', '⚠️'],
  ['coffee', '☕'],
];

export const emojiNamed = (name: string): string =>
  EMOJI.find(([known]) => known === name)?.[1] ?? `:${name}:`;

export const isEmojiName = (name: string): boolean => /^[a-z0-9_+'-]+$/.test(name);

/** `👋🏽` → `1f44b-1f3fd` */
export const unicodeOf = (emoji: string): string =>
  [...emoji].map((character) => (character.codePointAt(0) ?? 0).toString(16)).join('-');
