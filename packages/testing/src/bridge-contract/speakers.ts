import type { Actor, MessageNote, Note, SessionCard } from '@pocketping/core';
import { describe, expect, it } from 'vitest';
import { type BridgeContract, opened, postCall, startedBridge } from './fixture.js';
import { message, operator } from './samples.js';

/** Who speaks is seen at a glance: the visitor, somebody of the team elsewhere, or nobody at all. */
export const describeSpeakers = (contract: BridgeContract): void => {
  describe.each([
    ['with markup', false],
    ['without markup', true],
  ])('speakers, %s,', (_, plain) => {
    const fixture = startedBridge(contract);

    /** What people see of a note, from its heading on. */
    const shown = async (note: Note): Promise<string> => {
      const { bridge, platform, cards } = fixture();
      const thread = await opened(fixture());
      for (const part of bridge.render(note, cards.get(thread.threadId) as SessionCard)) {
        await bridge.post(thread, part, postCall({ plain }));
      }
      const seen = (await platform.messages(thread)).filter(({ ours }) => ours);
      return seen.map(({ heading = '', text }) => `${heading}\n${text}`).join('\n');
    };

    /** The line above what each of them says, when they share a post. */
    const linesOf = async (...authors: readonly Actor[]): Promise<string[]> => {
      const messages = authors.map((author, number) => by(author, `${WORDS}${number}`));
      const pieces = (await shown({ kind: 'messages', messages })).split(new RegExp(`${WORDS}\\d`));
      return pieces.slice(0, authors.length).map((piece) => piece.trim().split('\n').at(-1) ?? '');
    };

    it('of the team say who they are and where they write, alone and among others', async () => {
      const said = by(operator, WORDS);
      for (const note of [said, { kind: 'messages', messages: [message('one'), said] } as const]) {
        const seen = await shown(note);
        const above = seen.slice(0, seen.indexOf(WORDS));
        expect(above).toContain(operator.name);
        expect(above).toContain(operator.via);
      }
    });

    it('that are called like the visitor are not taken for them', async () => {
      const name = 'Ada';
      const [visitor, ai, human] = await linesOf(
        { kind: 'visitor', id: 'v', name },
        { kind: 'ai', id: 'a', name },
        { kind: 'operator', id: 'o', name },
      );
      expect(new Set([visitor, ai, human]).size).toBe(3);
    });

    it('without a name are not called alike', async () => {
      const [visitor, ai] = await linesOf({ kind: 'visitor', id: 'v' }, { kind: 'ai', id: 'a' });
      expect(lettersOf(ai)).not.toBe(lettersOf(visitor));
    });
  });
};

const WORDS = 'words';

const by = (author: Actor, content: string): MessageNote => ({ ...message(content), author });

const lettersOf = (line = ''): string => line.replace(/\P{L}/gu, '');
