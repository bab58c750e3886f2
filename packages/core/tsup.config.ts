import { library } from '../../tsup.preset.js';

export default library({
  entry: { index: 'src/index.ts', bridging: 'src/bridging/index.ts', rendering: 'src/rendering/index.ts' },
});
