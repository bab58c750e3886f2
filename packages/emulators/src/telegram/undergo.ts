import { type Clock, pause } from './clock.js';
import { ApiError, tooManyRequests, unauthorized } from './errors.js';
import { type FaultKind, type FaultRule, kindsOf } from './faults.js';
import { badGateway, type Reply, refusal } from './reply.js';

/** What a fault has the platform say instead; undefined for faults that leave its words alone. */
export type Wording = (rule: FaultRule, kind: FaultKind) => Reply | undefined;

/**
 * Runs a call under a fault.
 * @param call does what was asked, and never rejects
 * @param signal ends a wait early: the client hung up, or the emulator closes
 * @param wording how this platform refuses
 */
export async function undergo(
  rule: FaultRule | undefined,
  call: () => Promise<Reply>,
  clock: Clock,
  signal: AbortSignal,
  wording: Wording = botApiWording,
): Promise<Reply> {
  if (!rule) return call();
  const kinds = kindsOf(rule);
  const told = insteadOf(rule, kinds, wording);
  const works = rule.effect ?? !kinds.some((kind) => prevents.has(kind));
  const reply = works ? await call() : (told ?? cut);
  await pause(clock, delayMs(rule, kinds), signal);
  return dripping(rule, kinds, told ?? reply);
}

/** Under these the call does not work. */
const prevents: ReadonlySet<FaultKind> = new Set([
  'rate_limit',
  'server_error',
  'bad_gateway_html',
  'unauthorized',
  'refuse',
  'timeout_before',
  'reset',
]);

const cut: Reply = { end: 'cut' };

/** What the client is told instead of what really happened. A cut connection tells nothing, whatever else strikes. */
function insteadOf(rule: FaultRule, kinds: readonly FaultKind[], wording: Wording): Reply | undefined {
  const replies = kinds
    .map((kind) => (cuts.has(kind) ? cut : wording(rule, kind)))
    .filter((reply) => reply !== undefined);
  return replies.find((reply) => reply.end === 'cut') ?? replies[0];
}

const cuts: ReadonlySet<FaultKind> = new Set(['timeout_before', 'timeout_after', 'reset']);

function botApiWording(rule: FaultRule, kind: FaultKind): Reply | undefined {
  switch (kind) {
    case 'rate_limit':
      return refusal(tooManyRequests(rule.retryAfter ?? 1));
    case 'server_error':
      return refusal(new ApiError(500, 'Internal Server Error'));
    case 'bad_gateway_html':
      return badGateway();
    case 'unauthorized':
      return refusal(unauthorized());
    case 'refuse':
      return refusal(new ApiError(rule.code ?? 400, rule.description ?? 'Bad Request'));
    default:
      return undefined;
  }
}

function delayMs(rule: FaultRule, kinds: readonly FaultKind[]): number {
  if (kinds.includes('timeout_before') || kinds.includes('timeout_after')) return rule.delayMs ?? 30_000;
  return kinds.includes('slow') ? (rule.delayMs ?? 1_000) : 0;
}

function dripping(rule: FaultRule, kinds: readonly FaultKind[], reply: Reply): Reply {
  const broken = kinds.includes('broken_body');
  if (reply.end === 'cut' || !(broken || kinds.includes('slow_body'))) return reply;
  return { ...reply, rest: { afterMs: rule.delayMs ?? 1_000, comes: !broken } };
}
