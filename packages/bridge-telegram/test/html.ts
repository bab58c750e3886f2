import { expect } from 'vitest';

/** What a reader sees of Telegram's HTML. Fails for anything but the tags and links the bridge uses, properly closed, and the four entities. */
export const readHtml = (markup: string): string => {
  const open: string[] = [];
  const text = markup.replace(/<(\/?)([^<>]*)>/g, (_, slash: string, name: string) => {
    const tag = name.replace(/^a href="https:\/\/t\.me\/[\w?=%-]*"$/, 'a');
    expect(['a', 'b', 'i', 'code', 'pre', 'blockquote']).toContain(tag);
    if (slash === '') open.push(tag);
    else expect(open.pop()).toBe(name);
    return '';
  });
  expect(open).toEqual([]);
  expect(text).not.toMatch(/[<>"]/);
  return text.replace(/&([^;]*;)?/g, (entity) => {
    const character = ENTITIES[entity];
    expect(character, entity).toBeDefined();
    return character as string;
  });
};

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };
