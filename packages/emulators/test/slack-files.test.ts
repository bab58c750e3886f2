import { describe, expect, it } from 'vitest';
import { clientOf, startSlack } from './slack.js';

const bytes = new TextEncoder().encode('%PDF…');

const started = async (options: Parameters<typeof startSlack>[0] = {}) => {
  const all = await startSlack(options);
  const { ts } = await all.web.chat.postMessage({ channel: all.channel, text: 'Ada' });
  const announced = async (length = bytes.length) => {
    const { upload_url: url, file_id: id } = await all.web.files.getUploadURLExternal({
      filename: 'a.pdf',
      length,
    });
    return { url: url as string, id: id as string };
  };
  return { ...all, ts: ts as string, announced };
};

describe('files in Slack', () => {
  it('are uploaded and shown with the real client', async () => {
    const { slack, web, channel, ts } = await started();
    await web.filesUploadV2({
      channel_id: channel,
      thread_ts: ts,
      filename: 'a.pdf',
      title: 'Größe 2.pdf',
      file: Buffer.from(bytes),
    });
    expect(slack.thread(ts)).toMatchObject([
      { files: [{ name: 'Größe 2.pdf', size: bytes.length, type: 'application/pdf' }] },
    ]);
  });

  it('appear after the answer, and files.info tells where', async () => {
    const { slack, web, channel, ts, announced } = await started({ fileShareMs: 50 });
    const { url, id } = await announced();
    expect(await (await fetch(url, { method: 'POST', body: bytes })).text()).toBe(`OK - ${bytes.length}`);
    const files = [{ id, title: 'a.pdf' }] as [{ id: string; title: string }];
    const answer = await web.files.completeUploadExternal({ files, channel_id: channel, thread_ts: ts });
    expect(answer.files).toMatchObject([{ id, name: 'a.pdf' }]);
    expect(answer.files?.[0]).not.toHaveProperty('shares');
    expect((await web.files.info({ file: id })).file?.shares).toEqual({ public: {}, private: {} });
    const shown = await slack.waitForMessage((message) => message.files.length > 0);
    expect((await web.files.info({ file: id })).file?.shares?.public?.[channel]).toMatchObject([
      { ts: shown.ts, thread_ts: ts },
    ]);
  });

  it('are refused when they are empty, not all there, not uploaded, or the app may not', async () => {
    const { slack, web, channel, announced } = await started();
    await expect(announced(0)).rejects.toThrow('missing_argument');
    const { url, id } = await announced();
    expect((await fetch(url, { method: 'POST', body: bytes.subarray(1) })).status).toBe(400);
    await expect(web.files.completeUploadExternal({ files: [{ id }], channel_id: channel })).rejects.toThrow(
      'file_not_found',
    );
    slack.setScopes(['chat:write']);
    await expect(announced()).rejects.toThrow('missing_scope');
  });

  it('are handed out to the bot alone; everybody else signs in', async () => {
    const { slack, web, ada, ts } = await started();
    const [file] = ada.share(ts, { name: 'a.pdf', bytes }).files;
    const { url_private: url = '' } = (await web.files.info({ file: file?.id as string })).file ?? {};
    const got = (token?: string) =>
      fetch(url, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
    const given = await got(slack.botToken);
    expect(given.headers.get('content-type')).toBe('application/pdf');
    expect(new Uint8Array(await given.arrayBuffer())).toEqual(bytes);
    for (const refused of [await got(), await got(slack.appToken)]) {
      expect([refused.status, await refused.text()]).toEqual([200, expect.stringContaining('Sign in')]);
    }
    slack.fault({ kind: 'server_error', method: 'file-download' });
    expect((await got(slack.botToken)).status).toBe(500);
  });

  it('are told of in an event, with the kind they are', async () => {
    const { slack, ada, ts } = await started();
    ada.shareFiles(ts, ['a.png', 'b.pdf'], 'two');
    ada.shareFiles(ts, ['Plan'], '', { mode: 'external', externalUrl: 'https://docs.example/1' });
    ada.shareFiles(ts, ['c.png'], '', { isForeign: true });
    const events = slack.events().filter(({ subtype }) => subtype === 'file_share');
    expect(events).toMatchObject([
      { text: 'two', files: [{ mimetype: 'image/png', mode: 'hosted' }, { name: 'b.pdf' }] },
      { files: [{ is_external: true, url_private: 'https://docs.example/1' }] },
      { files: [{ file_access: 'check_file_info' }] },
    ]);
  });

  it('go when they are deleted, by whoever brought them', async () => {
    const { slack, web, ada, ts } = await started();
    const [file] = ada.share(ts, 'a.png').files;
    await expect(clientOf(slack).files.delete({ file: file?.id as string })).rejects.toThrow('cant_delete');
    await web.filesUploadV2({
      channel_id: slack.channelId,
      thread_ts: ts,
      filename: 'a.pdf',
      file: Buffer.from(bytes),
    });
    const own = slack.thread(ts).at(-1)?.files[0]?.id as string;
    await web.files.delete({ file: own });
    expect(slack.thread(ts).at(-1)?.files).toEqual([]);
    await expect(web.files.info({ file: own })).rejects.toThrow('file_not_found');
  });

  it('are shared from the phone, and shown on it so that nothing in them runs', async () => {
    const { slack, ts } = await started();
    const send = (headers: Record<string, string>) =>
      fetch(`${slack.phoneUrl}/file?threadTs=${ts}&name=a%20b.html&type=text%2Fhtml`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', ...headers },
        body: bytes,
      });
    expect((await send({})).status).toBe(200);
    expect((await send({ 'content-type': 'text/plain' })).status).toBe(415);
    expect((await send({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const [message, ...more] = slack.thread(ts);
    expect(more).toEqual([]);
    expect(message?.files).toMatchObject([{ name: 'a b.html', size: bytes.length }]);
    const got = await fetch(`${slack.phoneUrl}/file?id=${message?.files[0]?.id}`);
    expect(got.headers.get('content-disposition')).toBe('attachment');
    expect(got.headers.get('content-security-policy')).toContain('sandbox');
  });
});
