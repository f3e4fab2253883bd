import { shown } from '../../problems/in-text';

const NAME = /^(?=.*[a-z])[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/i;

/** Of an address that is written as a name: why nobody knows whose it is. */
export const lookedUp = (text: string): string | undefined =>
  NAME.test(text) ? `${shown(text)} is a name: whoever loads the rules looks its addresses up` : undefined;
