// Runs those tests of protocol.ts (the agents for Linux and pfSense give the same answers) that only the full tier has.

import { REST, answers } from './protocol';

jest.setTimeout(120_000);

answers(REST);
