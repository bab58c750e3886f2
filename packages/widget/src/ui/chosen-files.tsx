import { MOST_FILES } from '../client/attachments.js';
import { type ChosenFile, canRetry, isUploading } from '../client/uploads.js';
import { fill } from '../strings.js';
import { type Chat, COMPOSER } from './chat.js';
import { fileSize } from './file-size.js';
import { IconButton } from './icon-button.js';
import { fileIcon, Icon } from './icons.js';
import { Thumbnail } from './thumbnail.js';

/** What goes with the next message, above the text. */
export function ChosenFiles(chat: Chat) {
  const { state, view, strings } = chat;
  const { files } = state;
  const problems = files.flatMap((one) => (one.failure ? `${one.file.name}: ${problemOf(one, chat)}` : []));
  // What keeps the message back comes before what is only left out of it.
  const hindrance =
    view.stuck && problems.length > 0
      ? strings.filesFailed
      : view.tooMany && fill(strings.tooManyFiles, { count: MOST_FILES });
  return (
    <>
      {/* Always there, so that what appears in it is read out. */}
      <p class="unseen" role="status">
        {problems.join('. ')}
      </p>
      <p class={hindrance ? 'hindrance' : 'unseen'} role="status" data-testid="pp-hindrance">
        {hindrance}
      </p>
      {files.length > 0 && (
        <ul class="chosen" aria-label={strings.attached}>
          {files.map((one) => (
            <Chosen key={one.key} {...chat} one={one} />
          ))}
        </ul>
      )}
    </>
  );
}

function Chosen({ one, client, strings, set, ...chat }: Chat & { one: ChosenFile }) {
  const { key, file, failure, progress } = one;
  const { name } = file;
  const problem = problemOf(one, { ...chat, strings });
  return (
    <li class={failure ? 'chip is-wrong' : 'chip'} data-testid="pp-file" data-failure={failure}>
      <span class="tile" aria-hidden="true">
        {file.type.startsWith('image/') ? <Thumbnail file={file} /> : <Icon name={fileIcon(file.type)} />}
      </span>
      <span class="about">
        <b dir="auto" title={name}>
          {name}
        </b>
        <span class={problem && 'error'}>{problem ?? fileSize(file.size)}</span>
      </span>
      {canRetry(one) && (
        <IconButton
          icon="again"
          label={fill(strings.retryFile, { name })}
          testId="pp-file-retry"
          onClick={() => client.files.retry(key)}
        />
      )}
      <IconButton
        icon="close"
        label={fill(strings.removeFile, { name })}
        testId="pp-file-remove"
        onClick={() => {
          client.files.remove(key);
          set({ tooMany: false }, COMPOSER);
        }}
      />
      {isUploading(one) && (
        <span
          class="progress"
          role="progressbar"
          aria-label={fill(strings.uploading, { name })}
          aria-valuenow={Math.round(progress * 100)}
        >
          <i ref={(bar) => bar?.style.setProperty('width', `${progress * 100}%`)} />
        </span>
      )}
    </li>
  );
}

function problemOf({ failure }: ChosenFile, { strings, state }: Pick<Chat, 'strings' | 'state'>) {
  if (!failure) return undefined;
  if (failure === 'tooLarge')
    return fill(strings.fileTooLarge, { limit: fileSize(state.uploads?.maxBytes ?? 0) });
  const texts = {
    empty: strings.fileEmpty,
    refused: strings.fileRefused,
    network: strings.fileOffline,
    failed: strings.fileFailed,
  };
  return texts[failure];
}
