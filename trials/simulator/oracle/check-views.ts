import { linesOf } from '../people/view.js';
import type { World } from '../world.js';
import type { Stored } from './stored.js';

/** Every tab shows what is stored, made of nothing but what it was told. */
export const checkViews = ({ visitors, stage }: World, stored: readonly Stored[]): void => {
  const bySession = new Map(stored.map((each) => [each.session.id, each]));
  for (const tab of visitors.flatMap(({ tabs }) => tabs)) {
    const found = bySession.get(tab.sessionId);
    if (!found) {
      stage.fail(`${tab.name} shows ${tab.sessionId}, which does not exist`);
      continue;
    }
    const shown = tab.view.lines();
    const expected = linesOf(found.messages);
    if (shown.join('\n') !== expected.join('\n')) {
      stage.fail(`${tab.name} shows\n  ${shown.join('\n  ')}\nand not\n  ${expected.join('\n  ')}`);
    }
    if (tab.view.deliveredUpTo !== found.session.operatorDeliveredSeq) {
      stage.fail(
        `${tab.name} thinks that ${tab.view.deliveredUpTo} was delivered, not ${found.session.operatorDeliveredSeq}`,
      );
    }
    if (tab.view.ended !== (found.session.status === 'ended'))
      stage.fail(`${tab.name} is wrong about the end`);
  }
};
