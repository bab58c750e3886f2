import { expect, test } from 'vitest';
import { startTelegram } from './telegram.js';

test('finds what is there already, and what comes', async () => {
  const { telegram, api, chat } = await startTelegram();
  const coming = telegram.waitFor((entry) => entry.kind === 'topic' && entry.title === 'Ada');
  const { message_thread_id: topic } = await api.createForumTopic(chat, 'Ada');
  expect(await coming).toMatchObject({ id: topic });
  expect(await telegram.waitForTopic((entry) => entry.id === topic)).toMatchObject({ title: 'Ada' });
  expect(await telegram.waitForCall((call) => call.method === 'createForumTopic')).toMatchObject({
    params: { name: 'Ada' },
  });
});

test('sees edits and deletions', async () => {
  const { telegram } = await startTelegram();
  const ada = telegram.operator({ name: 'Ada' });
  const { id } = ada.typeInGeneral('first');
  const edited = telegram.waitForMessage((message) => message.edited);
  ada.edit(id, 'second');
  expect(await edited).toMatchObject({ id, text: 'second' });
  const deleted = telegram.waitForMessage((message) => message.id === id && message.deleted);
  ada.delete(id);
  expect(await deleted).toMatchObject({ text: '' });
});

test('gives up in time and says what is missing', async () => {
  const { telegram } = await startTelegram();
  await expect(telegram.waitForMessage(() => false, { timeoutMs: 10, what: 'the answer' })).rejects.toThrow(
    'the answer did not appear within 10 ms',
  );
});

test('passes on what the predicate throws', async () => {
  const { telegram } = await startTelegram();
  const wanted = telegram.waitFor(() => {
    throw new Error('predicate');
  });
  await expect(wanted).rejects.toThrow('predicate');
});
