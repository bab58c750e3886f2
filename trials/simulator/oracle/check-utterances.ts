import type { Message } from '@pocketping/core';
import { possibleVersions, type Utterance } from '../ledger.js';
import type { Stage } from '../stage.js';
import type { Stored } from './stored.js';

/** What was accepted is there once, as its author left it; what was refused is not. */
export const checkUtterances = (stage: Stage, stored: readonly Stored[]): void => {
  const { ledger } = stage;
  const byNumber = new Map<number, Message[]>();
  for (const message of stored.flatMap(({ messages }) => messages)) {
    const number = ledger.utteranceOf.get(message.id);
    const utterance = number === undefined ? undefined : ledger.utterances.get(number);
    if (number === undefined || !utterance) {
      stage.fail(`nobody said what is stored as ${message.id}: ${message.content}`);
      continue;
    }
    byNumber.set(number, [...(byNumber.get(number) ?? []), message]);
    if (message.sessionId !== utterance.sessionId) {
      stage.fail(`m${number} was said in ${utterance.sessionId} and is stored in ${message.sessionId}`);
    }
  }
  for (const utterance of ledger.utterances.values()) {
    const messages = byNumber.get(utterance.number) ?? [];
    if (messages.length > 1) stage.fail(`m${utterance.number} is stored ${messages.length} times`);
    if (utterance.by !== 'operator') checkDeeds(stage, utterance, messages[0]);
  }
};

const checkDeeds = (stage: Stage, utterance: Utterance, message: Message | undefined): void => {
  const { number, deeds, by, texts } = utterance;
  const said = deeds.find(({ what }) => what === 'say');
  if (by === 'command' && message) stage.fail(`the command m${number} is stored as a message`);
  if (said?.outcome === 'done' && !message) stage.fail(`m${number} was accepted and is not there`);
  if (!message || by === 'command') return;
  if (said?.outcome === 'refused') stage.fail(`m${number} was refused and is there`);
  const deletions = deeds.filter(({ what, outcome }) => what === 'delete' && outcome !== 'refused');
  const isDeleted = message.deletedAt !== undefined;
  if (isDeleted && deletions.length === 0) stage.fail(`nobody deleted m${number}`);
  if (!isDeleted && deletions.some(({ outcome }) => outcome === 'done')) {
    stage.fail(`m${number} was deleted and is there`);
  }
  if (isDeleted) return;
  const possible = [...possibleVersions(utterance)];
  if (!possible.some((version) => texts[version]?.content === message.content)) {
    stage.fail(
      `m${number} should say one of ${possible.map((version) => `v${version}`)}: ${message.content}`,
    );
  }
};
