/** A piece of a message: plain, or with somewhere to go. */
export interface Piece {
  text: string;
  href?: string;
}

const candidates = /\b(?:https?:\/\/|mailto:)[^\s<>"'`]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
const trailing = /[.,;:!?…)\]}»”’]+$/u;

/** Cuts a message at its links. Only `http:`, `https:` and `mailto:` ever become one. */
export function linkify(content: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: found, index } of content.matchAll(candidates)) {
    const text = withoutTrailing(found);
    if (index > end) pieces.push({ text: content.slice(end, index) });
    pieces.push({ text, href: hrefOf(text) });
    end = index + text.length;
  }
  if (end < content.length) pieces.push({ text: content.slice(end) });
  return pieces;
}

/** The sentence's punctuation is not the link's, except a bracket that the link itself opened. */
function withoutTrailing(found: string): string {
  const cut = found.replace(trailing, '');
  return found[cut.length] === ')' && cut.includes('(') && !cut.includes(')') ? `${cut})` : cut;
}

/** The pattern lets no other scheme through. */
const hrefOf = (text: string): string => (/^(https?|mailto):/i.test(text) ? text : `mailto:${text}`);
