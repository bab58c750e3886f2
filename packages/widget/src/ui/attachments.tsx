import type { WireAttachment } from '@pocketping/protocol';
import { attachmentUrl } from '../client/attachments.js';
import { fill } from '../strings.js';
import type { Chat } from './chat.js';
import { fileSize } from './file-size.js';
import { fileIcon, Icon } from './icons.js';
import type { MessageRow } from './rows.js';

/** The files of a message: pictures as pictures, sound and film to play, everything else to save. */
export function Attachments({ row, ...chat }: Chat & { row: MessageRow }) {
  const files = row.attachments ?? [];
  const isPicture = (file: WireAttachment) => kindOf(file, chat) === 'image';
  const pictures = files.filter(isPicture);
  return (
    <>
      {pictures.length > 0 && (
        <div class={pictures.length > 1 ? 'pictures are-many' : 'pictures'}>
          {pictures.map((file) => (
            <Shown key={file.id} {...chat} file={file} />
          ))}
        </div>
      )}
      {files.map((file) => !isPicture(file) && <Shown key={file.id} {...chat} file={file} />)}
    </>
  );
}

/** What the browser may be able to show; an SVG is a document, and never shown. */
function kindOf({ id, mimeType, status, url }: WireAttachment, { view }: Chat) {
  if (status !== 'ready' || !url || view.unshowable?.[id] || mimeType.startsWith('image/svg'))
    return undefined;
  return mimeType.match(/^(image|audio|video)\//)?.[1];
}

function Shown({ file, ...chat }: Chat & { file: WireAttachment }) {
  const { client, strings, view, set, onLogGrown } = chat;
  const { id, name } = file;
  const kind = kindOf(file, chat);
  const url = attachmentUrl(client.endpoint, file);
  if (!kind || !url) return <FileRow {...chat} file={file} url={url} />;
  // A format it does not know, a policy of the page: then it is a file like any other.
  const onError = () => set({ unshowable: { ...view.unshowable, [id]: true } });
  if (kind === 'image')
    return (
      <a
        href={url}
        target="_blank"
        rel="noopener noreferrer"
        aria-label={fill(strings.opensImage, { name })}
        data-testid="pp-image"
      >
        <img src={url} alt={name} loading="lazy" onLoad={onLogGrown} onError={onError} />
      </a>
    );
  const Player = kind as 'audio' | 'video';
  return (
    <>
      <Player
        src={url}
        controls
        playsInline
        preload="metadata"
        aria-label={name}
        data-testid={`pp-${kind}`}
        onLoadedMetadata={onLogGrown}
        onError={onError}
      />
      <a class="caption" dir="auto" {...toSave(url, name)}>
        {name}
      </a>
    </>
  );
}

/** Where the browser will not save what lies elsewhere, it opens it, in a tab of its own. */
const toSave = (href: string, download: string) =>
  ({ href, download, target: '_blank', rel: 'noopener noreferrer' }) as const;

function FileRow({ file, url, strings }: Chat & { file: WireAttachment; url: string | undefined }) {
  const { name, size, status } = file;
  const isFetching = status === 'fetching';
  const content = (
    <>
      <span class="tile">{isFetching ? <i class="spinner" /> : <Icon name={fileIcon(file.mimeType)} />}</span>
      <span class="about">
        <b dir="auto">{name}</b>
        <span>{isFetching ? strings.fetchingFile : url ? fileSize(size) : strings.missingFile}</span>
      </span>
    </>
  );
  const marks = { class: 'file', 'data-testid': 'pp-attachment', 'data-state': status };
  if (status !== 'ready' || !url) return <div {...marks}>{content}</div>;
  return (
    <a {...marks} {...toSave(url, name)}>
      {content}
      <Icon name="download" />
    </a>
  );
}
