import type { TargetedMouseEvent } from 'preact';
import { Icon, type IconName } from './icons.js';

interface Props {
  icon: IconName;
  /** What it does, for who cannot see the icon. */
  label: string;
  testId?: string | undefined;
  tabIndex?: number;
  onClick(event: TargetedMouseEvent<HTMLButtonElement>): void;
}

export const IconButton = ({ icon, label, testId, ...others }: Props) => (
  <button type="button" class="plain" aria-label={label} title={label} data-testid={testId} {...others}>
    <Icon name={icon} />
  </button>
);
