import type { Message, StoragePort } from '@pocketping/core';
import type { Plan } from '../plan.js';
import type { Platform } from '../platform/platform.js';
import type { World } from '../world.js';
import type { Stored } from './stored.js';

/** Beside what the team wrote stands how far the visitor has come: never more than is true, and where nothing failed no less. */
export const checkReceipts = async (
  { stage, storage, plan }: World,
  platform: Platform,
  stored: readonly Stored[],
): Promise<number> => {
  const { name, chatId, receipts } = platform;
  for (const [platformId, { state, shows }] of receipts) {
    const links = await storage.links({ bridge: name, chatId, platformId });
    const linked = new Set(links.map(({ messageId }) => messageId));
    // What was typed there and deleted since is linked to nothing.
    if (linked.size === 0 && shows.size === 0) continue;
    const isTrue = stored.some(({ session: { visitorReadSeq, visitorDeliveredSeq }, messages }) =>
      messages.some((message) => {
        const number = stage.ledger.utteranceOf.get(message.id);
        // What was deleted since stood there when it was marked.
        const isMeant = linked.has(message.id) || (number !== undefined && shows.has(number));
        const upTo = state === 'read' ? visitorReadSeq : Math.max(visitorReadSeq, visitorDeliveredSeq);
        return isMeant && isTeams(message) && message.seq <= upTo;
      }),
    );
    if (!isTrue) stage.fail(`${platformId} on ${name} is marked as ${state}, and is not`);
  }
  if (!platform.plan.can.receipts || !isUndisturbed(plan, platform)) return receipts.size;
  for (const each of stored) {
    const missing = await unmarked(platform, storage, each);
    if (missing !== undefined) stage.fail(`m ${missing} on ${name} was read, and is not marked so`);
  }
  return receipts.size;
};

const isTeams = ({ audience, author: { kind } }: Message): boolean =>
  audience === 'all' && (kind === 'operator' || kind === 'ai');

/** Nothing that could keep a receipt from being shown. */
const isUndisturbed = ({ incidents, slowStorage }: Plan, { plan }: Platform): boolean =>
  incidents.length === 0 &&
  slowStorage.chance === 0 &&
  Object.values(plan.faults).every((rate) => rate === 0);

/** How far back the newest message of the team is looked for. */
const LOOKED_AT = 20;

/** The newest message that the visitor has read, if it stands there alone and says nothing of that. */
const unmarked = async (
  { name, receipts, posts, updates }: Platform,
  storage: StoragePort,
  { session, messages }: Stored,
): Promise<string | undefined> => {
  const upTo = messages.filter(({ seq }) => seq <= session.visitorReadSeq).slice(-LOOKED_AT);
  const newest = upTo.findLast(isTeams);
  // What was marked may have been deleted since; what came before it is not marked instead.
  if (!newest || newest.deletedAt !== undefined) return undefined;
  const links = await storage.links({ bridge: name, messageId: newest.id });
  const last = links.at(-1);
  if (!last || (!posts.has(last.platformId) && !updates.stands(last.platformId))) return undefined;
  const shared = await storage.links({ bridge: name, chatId: last.chatId, platformId: last.platformId });
  if (shared.length > 1) return undefined;
  // An edit may have added posts since, which say the same.
  const isMarked = links.some(({ platformId }) => receipts.get(platformId)?.state === 'read');
  return isMarked ? undefined : newest.id;
};
