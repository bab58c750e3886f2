import { expect } from 'vitest';

/** What a reader sees of Telegram's HTML. Fails for anything but the tags the bridge uses, properly closed, and the four entities. */
export const readHtml = (markup: string): string => {
  const open: string[] = [];
  const text = markup.replace(/<(\/?)([^<>]*)>/g, (_, slash: string, name: string) => {
    expect(['b', 'i', 'code', 'blockquote']).toContain(name);
    if (slash === '') open.push(name);
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
