// Runs the tests of the protocol (protocol.ts) that the full tier alone has.

import { REST, answers } from './protocol';

jest.setTimeout(120_000);

answers(REST);
