// Runs those tests of protocol.ts (the agents for Linux and pfSense give the same answers) that the quick tier has.

import { QUICK, answers } from './protocol';

jest.setTimeout(120_000);

answers(QUICK);
