import type { BridgeErrorCode } from '@pocketping/core';
import { BridgeError } from '@pocketping/core';
import { GrammyError, HttpError } from 'grammy';
import { describe, expect, it } from 'vitest';
import { chatAdvice, forumAdvice } from '../src/advice.js';
import { successorIn, toBridgeError } from '../src/errors.js';

const botToken = '123456:AAE_secret-secret';
const posting = { effect: true, botToken, advice: forumAdvice('-1001'), topics: true };
const shared = (chatId: string) => ({ ...posting, advice: chatAdvice(chatId), topics: false });
const asking = { ...posting, effect: false };

const refusal = (error_code: number, description: string, parameters = {}) =>
  new GrammyError(
    "Call to 'sendMessage' failed!",
    { ok: false, error_code, description, parameters },
    'sendMessage',
    { text: 'what the visitor wrote' },
  );

/** As node-fetch words it, with the address and so the token in it. */
const network = (reason: string, code?: string) =>
  new HttpError(
    "Network request for 'sendMessage' failed!",
    Object.assign(
      new Error(`request to https://api.telegram.org/bot${botToken}/sendMessage failed, reason: ${reason}`),
      code ? { code } : {},
    ),
  );

describe('a refusal', () => {
  it.each<[number, string, BridgeErrorCode, RegExp?]>([
    [401, 'Unauthorized', 'unauthorized', /@BotFather/],
    [404, 'Not Found', 'unauthorized', /@BotFather/],
    [403, 'Forbidden: bot was kicked from the supergroup chat', 'unauthorized', /Add Admin/],
    [403, 'Forbidden: bot is not a member of the supergroup chat', 'unauthorized', /Add Admin/],
    [403, 'Forbidden: something new', 'unauthorized', /Add Admin/],
    [400, 'Bad Request: not enough rights to create a topic', 'unauthorized', /Manage Topics/],
    [
      400,
      'Bad Request: not enough rights to send text messages to the chat',
      'unauthorized',
      /Manage Topics/,
    ],
    [400, 'Bad Request: CHAT_ADMIN_REQUIRED', 'unauthorized', /Manage Topics/],
    [400, 'Bad Request: CHAT_WRITE_FORBIDDEN', 'unauthorized', /Add Admin/],
    [400, 'Bad Request: chat not found', 'misconfigured', /forumChatId \("-1001"\).*-100/],
    [400, 'Bad Request: the chat is not a forum', 'misconfigured', /Topics/],
    [
      409,
      'Conflict: terminated by other getUpdates request; make sure…',
      'misconfigured',
      /Another process polls/,
    ],
    [409, "Conflict: can't use getUpdates method while webhook is active", 'misconfigured', /webhook/],
    [409, 'Conflict: terminated by setWebhook request', 'misconfigured', /webhook was set/],
    [400, 'Bad Request: bad webhook: Failed to resolve host', 'misconfigured', /webhook\.url/],
    [400, 'Bad Request: invalid webhook URL specified', 'misconfigured', /webhook\.url/],
    [400, 'Bad Request: message thread not found', 'thread_gone'],
    [400, 'Bad Request: TOPIC_DELETED', 'thread_gone'],
    [400, 'Bad Request: TOPIC_ID_INVALID', 'thread_gone'],
    [400, 'Bad Request: TOPIC_CLOSED', 'thread_gone'],
    [400, 'Bad Request: message to edit not found', 'message_gone'],
    [400, 'Bad Request: message to delete not found', 'message_gone'],
    [400, "Bad Request: message can't be edited", 'message_gone'],
    [400, "Bad Request: message can't be deleted", 'message_gone'],
    [400, 'Bad Request: MESSAGE_ID_INVALID', 'message_gone'],
    [400, "Bad Request: can't parse entities: Unsupported start tag", 'invalid'],
    [400, 'Bad Request: message is too long', 'invalid'],
    [400, 'Bad Request: text must be non-empty', 'invalid'],
    [413, 'Request Entity Too Large', 'invalid'],
    [400, 'Bad Request: something new', 'invalid'],
    [500, 'Internal Server Error', 'uncertain'],
    [502, 'Bad Gateway', 'uncertain'],
  ])('%i %s is %s', (status, description, code, advice = /./) => {
    const error = toBridgeError(refusal(status, description), posting);
    expect(error).toBeInstanceOf(BridgeError);
    expect(error.code).toBe(code);
    expect(error.message).toContain(description);
    expect(error.message).toMatch(advice);
  });

  it('says how long to wait, and that the whole chat has to', () => {
    const error = toBridgeError(
      refusal(429, 'Too Many Requests: retry after 35', { retry_after: 35 }),
      posting,
    );
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 35_000, scope: 'chat' });
  });

  it('waits a second when Telegram does not say how long', () => {
    expect(toBridgeError(refusal(429, 'Too Many Requests'), posting).retryAfterMs).toBe(1000);
  });

  it('names the new id of a group that became a supergroup', () => {
    const said = 'Bad Request: group chat was upgraded to a supergroup chat';
    const error = toBridgeError(refusal(400, said, { migrate_to_chat_id: -1009876543210 }), posting);
    expect(error.code).toBe('misconfigured');
    expect(error.message).toContain('"-1009876543210"');
  });

  it('names the group’s new id where it can be followed, and means that the old one is left', () => {
    const said = refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
      migrate_to_chat_id: -1009876543210,
    });
    expect(successorIn(said)).toBe('-1009876543210');
    expect(toBridgeError(said, shared('-5')).code).toBe('thread_gone');
    expect(successorIn(refusal(400, 'Bad Request: chat not found'))).toBeUndefined();
    expect(successorIn(new Error('x'))).toBeUndefined();
  });

  it('of a question with 5xx changed nothing', () => {
    expect(toBridgeError(refusal(502, 'Bad Gateway'), asking).code).toBe('unavailable');
  });
});

describe('a refusal in a chat without topics', () => {
  it.each<[string, number, string, BridgeErrorCode, RegExp]>([
    [
      '7',
      403,
      'Forbidden: bot was blocked by the user',
      'unauthorized',
      /\(7\) has stopped the bot.*"Restart"/,
    ],
    ['7', 403, "Forbidden: bot can't initiate conversation with a user", 'unauthorized', /tap "Start" once/],
    ['7', 400, 'Bad Request: chat not found', 'misconfigured', /id 7 in chatIds.*"Start"/],
    ['-5', 403, 'Forbidden: bot was kicked from the group chat', 'unauthorized', /group -5.*Add Member/],
    ['-5', 400, 'Bad Request: chat not found', 'misconfigured', /id -5 in chatIds/],
    [
      '-5',
      400,
      'Bad Request: not enough rights to send text messages to the chat',
      'unauthorized',
      /Permissions/,
    ],
    ['-1001', 400, 'Bad Request: TOPIC_CLOSED', 'misconfigured', /has topics now.*forumChatId/],
    ['-1001', 400, 'Bad Request: message thread not found', 'misconfigured', /has topics now/],
  ])('%s: %i %s', (chatId, status, description, code, advice) => {
    const error = toBridgeError(refusal(status, description), shared(chatId));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(advice);
  });
});

describe('a broken connection', () => {
  it.each<[string, string | undefined, BridgeErrorCode]>([
    ['connect ECONNREFUSED 149.154.167.220:443', 'ECONNREFUSED', 'unavailable'],
    ['getaddrinfo ENOTFOUND api.telegram.org', 'ENOTFOUND', 'unavailable'],
    ['getaddrinfo EAI_AGAIN api.telegram.org', 'EAI_AGAIN', 'unavailable'],
    ['connect ETIMEDOUT 149.154.167.220:443', 'ETIMEDOUT', 'unavailable'],
    ['', 'ETIMEDOUT', 'unavailable'],
    ['certificate has expired', 'CERT_HAS_EXPIRED', 'unavailable'],
    ['read ETIMEDOUT', 'ETIMEDOUT', 'uncertain'],
    ['read ECONNRESET', 'ECONNRESET', 'uncertain'],
    ['socket hang up', 'ECONNRESET', 'uncertain'],
    ['The user aborted a request.', undefined, 'uncertain'],
  ])('"%s" is %s: %s', (reason, code, expected) => {
    expect(toBridgeError(network(reason, code), posting).code).toBe(expected);
    expect(toBridgeError(network(reason, code), asking).code).toBe('unavailable');
  });

  it('is understood from the platform’s own fetch as well', () => {
    const failed = (code: string) => Object.assign(new TypeError('fetch failed'), { cause: { code } });
    const error = (code: string) =>
      toBridgeError(new HttpError('Network request failed!', failed(code)), posting);
    expect(error('ECONNREFUSED').code).toBe('unavailable');
    expect(error('UND_ERR_SOCKET').code).toBe('uncertain');
  });
});

describe('no error', () => {
  it.each([
    network('socket hang up', 'ECONNRESET'),
    new HttpError(
      'x',
      new Error(`invalid json response body at https://api.telegram.org/bot${botToken}/getMe`),
    ),
    refusal(400, `Bad Request: ${botToken}`),
    new Error(botToken),
    botToken,
  ])('tells the token or what was sent: %#', (error) => {
    const told = toBridgeError(error, posting);
    const everything = [told, told.cause].flatMap((each) => [
      String(each),
      (each as Error).stack,
      JSON.stringify(each, Object.getOwnPropertyNames(each)),
    ]);
    expect(everything.join()).not.toContain('secret');
    expect(everything.join()).not.toContain('what the visitor wrote');
  });

  it('is translated twice', () => {
    const error = new BridgeError('invalid', 'x');
    expect(toBridgeError(error, posting)).toBe(error);
  });
});
