import { library } from '../../tsup.preset.js';

export default library({ entry: { index: 'src/index.ts', servers: 'src/servers/index.ts' } });
