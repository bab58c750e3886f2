import { configureGlobal } from 'fast-check';

// The same cases every time, so that a run says something about the change and not about luck. `SEED` tries others.
configureGlobal({ seed: Number(process.env.SEED ?? 1) });
