/** The text of a page without its blocks of code, whose lines stay as empty ones. */
const prose = (markdown) =>
  markdown.replace(/^(```|~~~)[^\n]*\n.*?^\1[^\n]*$/gms, (block) => block.replace(/[^\n]/g, ''));

/** @returns {{ level: number, title: string, anchor: string }[]} in order; one that occurs twice has a number, as on GitHub */
export function headings(markdown) {
  const seen = new Map();
  return [...prose(markdown).matchAll(/^(#{1,6}) +(.+?) *#*$/gm)].map(([, signs, title]) => {
    const slug = slugOf(title);
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return { level: signs.length, title, anchor: times === 0 ? slug : `${slug}-${times}` };
  });
}

/** As GitHub makes one of a heading: what its markup shows, in lower case, without punctuation, with dashes for spaces. */
export const slugOf = (title) =>
  title
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|[*`]/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** @returns {{ target: string, line: number }[]} where a page's links and pictures lead, as they are written */
export const links = (markdown) => {
  const text = prose(markdown).replace(/`[^`\n]*`/g, (code) => ' '.repeat(code.length));
  return [...text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].map((match) => ({
    target: match[1],
    line: text.slice(0, match.index).split('\n').length,
  }));
};

/** @returns {{ language: string, text: string, line: number }[]} the blocks of code in these languages */
export const codeIn = (markdown, ...languages) =>
  [...markdown.matchAll(/^```(\w+)[^\n]*\n(.*?)^```/gms)]
    .map((match) => ({
      language: match[1],
      text: match[2],
      line: markdown.slice(0, match.index).split('\n').length + 1,
    }))
    .filter(({ language }) => languages.includes(language));

/** `text` with `content` between two marks, which have to stand in it once each. */
export function filled(text, mark, content) {
  const [begin, end] = [`<!-- ${mark}: made from the code -->`, `<!-- /${mark} -->`];
  for (const each of [begin, end])
    if (text.split(each).length !== 2) throw new Error(`${each} has to stand there once`);
  return `${text.slice(0, text.indexOf(begin) + begin.length)}\n\n${content}\n\n${text.slice(text.indexOf(end))}`;
}
