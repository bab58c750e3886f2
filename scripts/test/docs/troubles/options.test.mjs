import { describe, expect, it } from 'vitest';
import { PocketPing as Engine } from '../../../../packages/core/src/index.ts';
import { createExchange } from '../../../../packages/http/src/index.ts';
import { PocketPing } from '../../../../packages/sdk-node/src/index.ts';
import { engine } from './house.mjs';
import { isOnThePage } from './page.mjs';

class TelegramBridge {}

const refusalOf = (make) => {
  try {
    make();
  } catch (error) {
    return error.message;
  }
  throw new Error('nothing was refused');
};

describe('the page has what is said of options', () => {
  it.each([
    [() => new Engine({ bridge: TelegramBridge })],
    [() => createExchange(engine().pp, { trustProxy: true })],
    [() => new PocketPing({ bridge: 'telegram' })],
    [() => new PocketPing({ slack: { botToken: 'xoxb-1' } })],
  ])('where it is refused: %s', (make) => {
    isOnThePage(refusalOf(make));
  });

  it.each([[{ onMesage: () => {} }], [{ aiProvider: {} }]])('where it has no effect: %j', (options) => {
    const [warning] = engine(options).logged();
    isOnThePage(warning);
    expect(warning).toContain(Object.keys(options)[0]);
  });
});
