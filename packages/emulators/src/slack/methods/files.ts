import { isObject, type Params } from '../../telegram/params.js';
import { checkedBlocks } from '../blocks.js';
import { SlackApiError } from '../errors.js';
import { toFile } from '../wire.js';
import { type Method, type MethodContext, structure, text, writableRoom } from './method.js';

export const getUploadURLExternal: Method = ({ files, state }, params) => {
  const name = text(params, 'filename');
  const length = Number(text(params, 'length'));
  // Slack takes no empty files, and says so in this way.
  if (name === undefined || !Number.isInteger(length) || length < 1)
    throw new SlackApiError('missing_argument');
  const { id, url } = files.announce(name, length, state.app.botUserId);
  return { upload_url: url, file_id: id };
};

/** Answers before the files appear: where they do, only `files.info` tells. */
export const completeUploadExternal: Method = (context, params) => {
  const { files, state } = context;
  const wanted = structure(params, 'files', 'invalid_arguments');
  if (!Array.isArray(wanted) || wanted.length === 0) throw new SlackApiError('invalid_arguments');
  const done = wanted.map((one: unknown) => {
    const { id, title } = isObject(one) ? one : {};
    if (typeof id !== 'string' || !files.isUploaded(id)) throw new SlackApiError('file_not_found');
    return typeof title === 'string' ? files.rename(id, title) : files.get(id);
  });
  const shown = done.filter((file) => file !== undefined);
  if (text(params, 'channel_id') !== undefined) {
    const room = writableRoom(context, { ...params, channel: text(params, 'channel_id') });
    const blocks = checkedBlocks(structure(params, 'blocks', 'invalid_blocks_format'));
    const comment = text(params, 'initial_comment');
    const threadTs = text(params, 'thread_ts');
    files.later(() =>
      room.post({
        userId: state.app.botUserId,
        text: comment ?? '',
        ...(blocks?.length && comment === undefined && { blocks }),
        files: shown,
        threadTs,
      }),
    );
  }
  return { files: shown.map((file) => toFile(files, file)) };
};

/** @see https://docs.slack.dev/reference/methods/files.info */
export const fileInfo: Method = (context, params) => {
  // Asked by its id, a file of another organisation is told of like any other.
  const { isForeign: _, ...file } = fileAt(context, params);
  const shares = sharesOf(context, file.id);
  return { file: { ...toFile(context.files, file), file_access: 'visible', shares }, comments: [] };
};

export const deleteFile: Method = (context, params) => {
  const file = fileAt(context, params);
  if (file.userId !== context.state.app.botUserId) throw new SlackApiError('cant_delete_file');
  context.files.remove(file.id);
  return {};
};

const fileAt = ({ files }: MethodContext, params: Params) => {
  const file = files.get(text(params, 'file') ?? '');
  if (!file) throw new SlackApiError('file_not_found');
  return file;
};

/** In which messages a file stands. @see https://docs.slack.dev/reference/objects/file-object */
const sharesOf = ({ state }: MethodContext, id: string): object => {
  const shares: { public: Record<string, object[]>; private: Record<string, object[]> } = {
    public: {},
    private: {},
  };
  for (const channel of state.channels.values()) {
    const messages = [...channel.messages.values()].filter(
      ({ files, deleted }) => !deleted && files?.some((file) => file.id === id),
    );
    if (messages.length === 0) continue;
    shares[channel.isPrivate ? 'private' : 'public'][channel.id] = messages.map(({ ts, threadTs }) => ({
      ts,
      ...(threadTs !== undefined && threadTs !== ts && { thread_ts: threadTs }),
      channel_name: channel.name,
      team_id: state.team.id,
    }));
  }
  return shares;
};
