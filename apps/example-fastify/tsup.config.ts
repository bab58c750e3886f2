import { library } from '../../tsup.preset.js';

export default library({ entry: ['src/server.ts'], dts: false });
