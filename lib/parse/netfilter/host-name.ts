import { quoteForDisplay } from '../../problems/line-problems';

const HOST_NAME = /^(?=.*[a-z])[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/i;

/** Of an address that is written as a name: why nobody knows whose it is. */
export const explainHostName = (text: string): string | undefined =>
  HOST_NAME.test(text)
    ? `${quoteForDisplay(text)} is a name: whoever loads the rules looks its addresses up`
    : undefined;
