/**
 * Where in a text stand the characters that turn the direction of what follows and are not closed on their line, or close
 * nothing. Whatever is written behind them would be turned, too; with its pair, each turns nothing but what it encloses.
 * A line is what the algorithm calls a paragraph: no direction reaches beyond its end.
 * @returns offsets in UTF-16 code units
 * @see https://www.unicode.org/reports/tr9/#Explicit_Directional_Formatting_Characters
 */
export const strayDirections = (text: string): ReadonlySet<number> => {
  const strays = new Set<number>();
  if (!TURNING.test(text)) return strays;
  let open: Opened[] = [];
  const abandon = (left: readonly Opened[]) => {
    for (const { at } of left) strays.add(at);
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '\n') {
      abandon(open);
      open = [];
    } else if (OVERRIDES.includes(character)) open.push({ at, isolates: false });
    else if (ISOLATES.includes(character)) open.push({ at, isolates: true });
    else if (character === POP) {
      // It does not reach out of an isolate.
      if (open.at(-1)?.isolates === false) open.pop();
      else strays.add(at);
    } else if (character === POP_ISOLATE) {
      const opened = open.findLastIndex(({ isolates }) => isolates);
      if (opened === -1) strays.add(at);
      else abandon(open.splice(opened).slice(1));
    }
  }
  abandon(open);
  return strays;
};

/** The text without these. */
export const balanced = (text: string): string => {
  const strays = strayDirections(text);
  return strays.size === 0
    ? text
    : text.replace(/[\s\S]/g, (unit, at: number) => (strays.has(at) ? '' : unit));
};

interface Opened {
  readonly at: number;
  readonly isolates: boolean;
}

const OVERRIDES = '\u202a\u202b\u202d\u202e';
const ISOLATES = '\u2066\u2067\u2068';
const POP = '\u202c';
const POP_ISOLATE = '\u2069';
const TURNING = /[\u202a-\u202e\u2066-\u2069]/;
