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

/** The file that somebody sends with an utterance: text from the team, and from visitors a picture or a document. */
export const fileOf = ({
  number,
  operator,
}: {
  readonly number: number;
  readonly operator?: object;
}): { name: string; bytes: Uint8Array<ArrayBuffer> } => {
  const [ending, head] = operator ? ['txt', ''] : number % 2 === 0 ? ['png', PNG] : ['pdf', '%PDF-1.7\n'];
  const text = `${head}What belongs to utterance ${number}. `.padEnd(50 + (number % 500) * 40, 'and so on ');
  return {
    name: `file-${number}.${ending}`,
    bytes: Uint8Array.from(text, (character) => character.charCodeAt(0)),
  };
};

/** What a picture of 4 by 3 pixels begins with; a character is a byte. */
const PNG = '\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x04\0\0\0\x03\x08\x02\0\0\0\x3f\x2a\xb2\xba\0\0\0\0IDAT';
