import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { isSaid, sayings, sayingsOf } from '../../docs/messages.mjs';
import { entries } from '../../docs/troubleshooting.mjs';
import { root } from '../../workspace.mjs';

const page = entries(readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8'));

describe('the page about troubles', () => {
  const said = sayings();

  test.each(page.map((entry) => [entry.title, entry]))('quotes what the code says: %s', (_title, entry) => {
    expect(entry.quotes).not.toEqual([]);
    expect(entry.quotes.filter((quote) => !isSaid(quote, said))).toEqual([]);
  });

  test('quotes each message once', () => {
    const all = page.flatMap(({ quotes }) => quotes);
    expect(all.filter((quote, index) => all.indexOf(quote) !== index)).toEqual([]);
  });
});

describe('the reading of messages', () => {
  const of = (text) => sayingsOf(ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true));
  const says = (text, message) => isSaid(message, of(text));

  test('takes what is computed for anything, and every other letter as it stands', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source that is read.
    const source = 'throw new Error(`PORT ${port} is taken on ${host}: choose another one.`);';
    expect(says(source, 'PORT 80 is taken on ::1: choose another one.')).toBe(true);
    expect(says(source, 'PORT 80 is taken on ::1; choose another one.')).toBe(false);
    expect(says(source, 'PORT 80 is taken on ::1: choose another one. Or none.')).toBe(false);
  });

  test('puts together what is added', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source that is read.
    const source = "const a = 'The door is locked. ' + `Ask ${name} ` + 'for the key.';";
    expect(says(source, 'The door is locked. Ask Ada for the key.')).toBe(true);
  });

  test('looks for sentences that are put into others, too', () => {
    const source =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source that is read.
      '`The door is locked. ${advice}`; const a = "Ask whoever has the key, or come back tomorrow, when somebody is here.";';
    const message =
      'The door is locked. Ask whoever has the key, or come back tomorrow, when somebody is here.';
    expect(says(source, message)).toBe(true);
    expect(says(source, message.replace('tomorrow', 'on Monday'))).toBe(false);
  });

  test('knows no message in a text too short to be one', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source that is read.
    expect(of('`${said}. ${advice}`')).toEqual([]);
  });

  test('finds what an entry quotes, and an entry that quotes nothing', () => {
    const [first, second] = entries('# Page\n\n### One\n\n```text\na\nb\n```\n\n### Two\n\nNothing.\n');
    expect(first).toMatchObject({ title: 'One', quotes: ['a', 'b'] });
    expect(second).toMatchObject({ title: 'Two', quotes: [] });
  });
});
