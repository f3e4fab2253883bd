// Runs the tests of the protocol (protocol.ts) that the quick tier has.

import { QUICK, answers } from './protocol';

jest.setTimeout(120_000);

answers(QUICK);
