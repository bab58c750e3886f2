/** Names one version of an utterance wherever it stands, alone, among others or quoted: the second of number 12 is `m12e1`. */
export const tokenOf = (utterance: number, version: number): string => `m${utterance}e${version}`;

export interface Token {
  readonly utterance: number;
  readonly version: number;
}

/** The versions of utterances that a text shows, in order. */
export const tokensIn = (text: string): Token[] =>
  Array.from(text.matchAll(/\bm(\d+)e(\d+)\b/g), ([, utterance, version]) => ({
    utterance: Number(utterance),
    version: Number(version),
  }));

/** The session that a card is about. */
export const sessionIn = (text: string): string | undefined => /\bsess_\w+/.exec(text)?.[0];

/** What platforms could take for their own markup, and what is hard to cut or to escape. */
export const VISITORS_WORDS = [
  'is the oak lamp back in stock?',
  'a & b < c, "quoted" <b>not bold</b>',
  'two\nlines',
  'jako žirafa 🦒👩‍👩‍👧',
  '*stars* _lines_ ~waves~ `ticks` [a](b) # no heading',
  `long: ${'word '.repeat(40).trim()}`,
  '.',
] as const;

/** The team's apps give formatting a meaning of its own, so there is none here. */
export const TEAMS_WORDS = [
  'it is, since Monday',
  'a & b < c, "quoted"',
  'two\nlines',
  'jistě 🦒',
  `long: ${'word '.repeat(40).trim()}`,
] as const;

/** The file that somebody sends with an utterance. */
export const fileOf = ({
  number,
}: {
  readonly number: number;
}): { name: string; bytes: Uint8Array<ArrayBuffer> } => ({
  name: `file-${number}.txt`,
  bytes: new TextEncoder().encode(`What belongs to utterance ${number}. `.repeat(1 + (number % 500))),
});
