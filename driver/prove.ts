import { Prove } from './proof';

/** Nothing is accepted without a proof. */
export const proveLive: Prove = () => ({ accepted: false, refusals: ['this build cannot prove what a device runs'], reports: [] });
