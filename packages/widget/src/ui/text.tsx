import { linkify } from './linkify.js';

/** Text nodes and links, never markup. */
export const Text = ({ text }: { text: string }) =>
  linkify(text).map(({ text: piece, href }) =>
    href ? (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {piece}
      </a>
    ) : (
      piece
    ),
  );
