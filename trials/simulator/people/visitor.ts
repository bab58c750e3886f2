import type { Connected, PocketPing, VisitorActor } from '@pocketping/core';
import type { SessionId } from '@pocketping/protocol';
import type { Random } from '../../random.js';
import type { Utterance } from '../ledger.js';
import type { Stage } from '../stage.js';
import type { Asking, Outcome } from './asking.js';
import { chosenWords } from './chosen-words.js';
import { Tab } from './tab.js';

/** How often the visitor with the flood changes one message: more than a client should have to replay. */
const FLOOD = 1010;

/** One browser: writes, changes its mind, goes away and comes back. */
export class Visitor {
  readonly tabs: Tab[] = [];
  readonly #name: string;
  readonly #stage: Stage;
  readonly #asking: Asking;
  readonly #random: Random;
  readonly #secret: string;
  #token: string | undefined;
  #actor: VisitorActor | undefined;
  #said: { readonly utterance: Utterance; readonly messageId: string }[] = [];
  #counted = 0;

  constructor(name: string, at: { stage: Stage; asking: Asking; random: Random }) {
    this.#name = name;
    this.#stage = at.stage;
    this.#asking = at.asking;
    this.#random = at.random;
    this.#secret = `secret_of_${name}_that_is_long_enough`;
  }

  /** Does so many things within a time. */
  async live(actions: number, withinMs: number, flood: boolean): Promise<void> {
    const { clock } = this.#stage;
    await this.#openTab();
    for (let action = 0; action < actions; action++) {
      await clock.sleep(this.#random.next() * 2 * (withinMs / actions));
      const done = this.#act();
      if (this.#random.chance(0.7)) await done;
      if (flood && action === Math.floor(actions / 2)) await this.#flood();
    }
  }

  /** Every tab shows itself again. */
  comeBack(): void {
    for (const tab of this.tabs) tab.goOnline();
  }

  async #openTab(): Promise<Tab | undefined> {
    const first = await this.#connect(undefined);
    const actor = this.#actor;
    if (!first || !actor) return undefined;
    const holder = {
      name: this.#name,
      actor,
      connect: async (sessionId: SessionId | undefined) => {
        const connected = await this.#connect(sessionId);
        if (!connected) throw new Error(`${this.#name} could not connect`);
        return connected;
      },
    };
    const at = { stage: this.#stage, asking: this.#asking, random: this.#random.fork() };
    const tab = new Tab(`${this.#name}/${this.tabs.length + 1}`, at, holder, first);
    this.tabs.push(tab);
    tab.goOnline();
    return tab;
  }

  async #connect(sessionId: SessionId | undefined): Promise<Connected | undefined> {
    const token = this.#token;
    const request = {
      visitorId: this.#name,
      ...(token === undefined && { secret: this.#secret }),
      ...(sessionId !== undefined && { sessionId }),
      ...(this.#random.chance(0.3) && {
        metadata: { url: `https://site.test/${this.#random.between(1, 9)}` },
      }),
    };
    const outcome = await this.#asking.until((pp) =>
      pp.conversation.connect(request, token === undefined ? {} : { token }),
    );
    if (outcome.is === 'refused') {
      this.#stage.fail(`${this.#name} may not connect: ${outcome.error.message}`);
      return undefined;
    }
    this.#token ??= outcome.value.token;
    const known = this.#token ?? '';
    if (!this.#actor) {
      const actor = await this.#asking.until((pp) => pp.conversation.authenticate(known));
      if (actor.is === 'done') this.#actor ??= actor.value;
      else this.#stage.fail(`${this.#name} has a token that nobody knows`);
    }
    return outcome.value;
  }

  async #act(): Promise<void> {
    const tab = this.#random.pick(this.tabs);
    const chance = this.#random.next();
    if (tab.view.ended && chance < 0.8) await tab.reload();
    if (chance < 0.5) return this.#send(tab);
    if (chance < 0.6) return this.#edit();
    if (chance < 0.66) return this.#remove();
    if (chance < 0.72) return this.#read(tab);
    if (chance < 0.77) return this.#type(tab);
    if (chance < 0.81) return this.#identify(tab);
    if (chance < 0.84) return this.#leave(tab);
    if (chance < 0.88) return tab.reload();
    if (chance < 0.92 && this.tabs.length < 3) return void (await this.#openTab());
    tab.goOffline();
    await this.#stage.clock.sleep(this.#random.between(100, 20_000));
    tab.goOnline();
  }

  async #send(tab: Tab): Promise<void> {
    const { sessionId } = tab;
    const { ledger } = this.#stage;
    const { words, refused } = chosenWords(this.#random);
    const utterance = ledger.utter('visitor', sessionId, words, { refused });
    const quoted = this.#random.chance(0.25) ? tab.view.ids() : [];
    const request = {
      sessionId,
      content: utterance.texts[0]?.content ?? '',
      clientMessageId: `${this.#name}-${++this.#counted}`,
      ...(quoted.length > 0 && { replyTo: this.#random.pick(quoted) }),
    };
    const outcome = await this.#did(utterance, 'say', 0, (pp, actor) => pp.conversation.send(actor, request));
    if (outcome.is === 'done') this.#said.push({ utterance, messageId: outcome.value.id });
    else this.#expect(outcome, 'session_ended');
    if (outcome.is === 'refused') await tab.reload();
  }

  async #edit(): Promise<void> {
    if (this.#said.length === 0) return;
    const { utterance, messageId } = this.#random.pick(this.#said);
    const { words, refused } = chosenWords(this.#random);
    await this.#change(utterance, messageId, words, refused);
  }

  async #change(
    utterance: Utterance,
    messageId: string,
    words: number,
    refused?: 'markup' | 'always',
  ): Promise<void> {
    const text = this.#stage.ledger.revise(utterance, words, refused);
    const request = { sessionId: utterance.sessionId, messageId, content: text.content };
    const version = utterance.texts.indexOf(text);
    const outcome = await this.#did(utterance, 'edit', version, (pp, actor) =>
      pp.conversation.edit(actor, request),
    );
    this.#expect(outcome, 'session_ended', 'message_deleted');
  }

  async #flood(): Promise<void> {
    const said = this.#said.at(-1);
    if (!said) return;
    const tab = this.#random.pick(this.tabs);
    tab.goOffline();
    for (let time = 0; time < FLOOD; time++) await this.#change(said.utterance, said.messageId, 1);
    tab.goOnline();
  }

  async #remove(): Promise<void> {
    if (this.#said.length === 0) return;
    const { utterance, messageId } = this.#random.pick(this.#said);
    const request = { sessionId: utterance.sessionId, messageId };
    const outcome = await this.#did(utterance, 'delete', 0, (pp, actor) =>
      pp.conversation.remove(actor, request),
    );
    this.#expect(outcome, 'session_ended');
  }

  async #read(tab: Tab): Promise<void> {
    const messageIds = tab.view.ids().slice(-5);
    if (messageIds.length === 0) return;
    const status = this.#random.chance(0.5) ? 'read' : 'delivered';
    const request = { sessionId: tab.sessionId, messageIds, status } as const;
    this.#expect(await this.#asked((pp, actor) => pp.conversation.read(actor, request)));
  }

  async #type(tab: Tab): Promise<void> {
    const request = { sessionId: tab.sessionId, isTyping: true };
    this.#expect(await this.#asked((pp, actor) => pp.conversation.type(actor, request)));
  }

  async #identify(tab: Tab): Promise<void> {
    const identity = { name: `${this.#name} ${this.#random.between(1, 9)}` };
    const request = { sessionId: tab.sessionId, identity };
    this.#expect(
      await this.#asked((pp, actor) => pp.conversation.identify(actor, request)),
      'identity_conflict',
    );
  }

  async #leave(tab: Tab): Promise<void> {
    this.#expect(await this.#asked((pp, actor) => pp.conversation.leave(actor, tab.sessionId)));
  }

  async #did<T>(
    utterance: Utterance,
    what: 'say' | 'edit' | 'delete',
    version: number,
    run: (pp: PocketPing, actor: VisitorActor) => Promise<T>,
  ): Promise<Outcome<T>> {
    const { ledger, trace } = this.#stage;
    const deed = ledger.begin(utterance, what, version);
    trace.add(() => `${this.#name} begins to ${what} m${utterance.number}v${version}`);
    const outcome = await this.#asked(run);
    // A message is refused for good: had an earlier attempt been written, this one would have been told so.
    const unknown = outcome.is === 'refused' && outcome.lost && what !== 'say';
    ledger.end(deed, outcome.is === 'done' ? 'done' : unknown ? 'unknown' : 'refused');
    trace.add(() => `${this.#name} ${what} m${utterance.number}v${version}: ${outcome.is}`);
    return outcome;
  }

  #asked<T>(run: (pp: PocketPing, actor: VisitorActor) => Promise<T>): Promise<Outcome<T>> {
    const actor = this.#actor as VisitorActor;
    return this.#asking.until((pp) => run(pp, actor));
  }

  #expect(outcome: Outcome<unknown>, ...codes: string[]): void {
    if (outcome.is === 'done' || codes.includes(outcome.error.code)) return;
    this.#stage.fail(`${this.#name} was refused: ${outcome.error.code}, ${outcome.error.message}`);
  }
}
